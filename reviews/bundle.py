"""Puts the papers of a hearing together as one PDF. R20.

The service's own pages are drawn twice: once to see on which page each part begins, once with the contents
filled in. Each file follows its own title page; `binding.py` puts them there and numbers every page.
"""

import tempfile
from datetime import UTC
from pathlib import Path

from django.conf import settings
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from payroll.letters import on_paper, paragraphs, stylesheet
from payroll.pdf import render
from reviews import binding
from reviews.bundle_selectors import bundle_papers
from reviews.laying_out import Room, lay_out_all

TEMPLATES = settings.BASE_DIR / "templates" / "reviews" / "pdf"
ROOM = Room(size=80 * 1024**2, pages=1_500, files=800)

templates = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
templates.filters.update(on_paper=on_paper, paragraphs=paragraphs)
template = templates.get_template("bundle.html")
CSS = stylesheet("form.css") + (TEMPLATES / "bundle.css").read_text(encoding="utf-8")


def make(bundle, *, now):
    """The PDF's bytes and how many pages it has. Reads the case as it stands now."""
    papers = bundle_papers(bundle, now=now)
    with tempfile.TemporaryDirectory() as folder:
        laid = lay_out_all(papers.files, Path(folder), room=ROOM)
        blank = _draw(papers, laid, pages={})
        pages = binding.pages_of(blank, laid)
        drawn = _draw(papers, laid, pages=pages)
        out = Path(folder) / "bundle.pdf"
        count = binding.bind(drawn, laid, papers.files, out, foot=f"Hearing bundle, {papers.reference}")
        return out.read_bytes(), count


def _draw(papers, laid, *, pages):
    body = template.render(papers=papers, laid=laid, pages=pages)
    title = f"Hearing bundle {papers.reference}: {papers.worker}"
    return render(
        body, CSS, title=title, modified=papers.put_together_at.astimezone(UTC).replace(microsecond=0)
    )
