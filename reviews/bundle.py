"""Puts the papers of a hearing together as one PDF. R20.

The service's own pages are drawn twice: once to see on which page each part begins, once with the contents
filled in. Each file follows its own title page; `binding.py` puts them there and numbers every page.
"""

import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from django.conf import settings
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from payroll.letters import on_paper, paragraphs, stylesheet
from payroll.pdf import render
from people.policies import Blocked
from portfolios import attachments
from reviews import binding
from reviews.bundle_selectors import bundle_papers
from reviews.one_paper import SECONDS

TEMPLATES = settings.BASE_DIR / "templates" / "reviews" / "pdf"
MOST_BYTES = 80 * 1024**2
"""Of all files together: what comes after is named, and opened separately."""
MOST_PAGES = 1_500

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

READERS = {"application/pdf": "pdf", "image/jpeg": "picture", "image/png": "picture"}


@dataclass(frozen=True)
class Laid:
    """A file laid out on A4: where, on how many pages. `why_not` says why one is not in the bundle."""

    path: Path | None
    pages: int
    why_not: str = ""


def make(bundle, *, now):
    """The PDF's bytes and how many pages it has. Reads the case as it stands now."""
    papers = bundle_papers(bundle, now=now)
    with tempfile.TemporaryDirectory() as folder:
        laid = _lay_out_all(papers.files, Path(folder))
        blank = _draw(papers, laid, pages={})
        pages = binding.pages_of(blank, laid)
        drawn = _draw(papers, laid, pages=pages)
        return binding.bind(drawn, laid, papers, Path(folder) / "bundle.pdf")


def _draw(papers, laid, *, pages):
    body = template.render(papers=papers, laid=laid, pages=pages)
    title = f"Hearing bundle {papers.reference}: {papers.worker}"
    return render(
        body, CSS, title=title, modified=papers.put_together_at.astimezone(UTC).replace(microsecond=0)
    )


def _lay_out_all(files, folder):
    """A Laid for each file, in their order, until the bundle is full."""
    laid, size, pages = [], 0, 0
    for number, file in enumerate(files):
        one = _lay_out(file, folder / f"{number}.pdf")
        if one.path is not None:
            weight = one.path.stat().st_size
            if size + weight > MOST_BYTES or pages + one.pages > MOST_PAGES:
                one.path.unlink()
                one = Laid(None, 0, "The bundle has no room for it. Open it separately.")
            else:
                size, pages = size + weight, pages + one.pages
        laid.append(one)
    return laid


def _lay_out(file, out):
    reader = READERS.get(file.content_type)
    if reader is None:
        return Laid(None, 0, "It is a Word document. Open it separately.")
    given = out.with_suffix(".given")
    command = [sys.executable, "-m", "reviews.one_paper", reader, str(given), str(out)]
    try:
        with attachments.open_readable(file.kept) as opened, given.open("wb") as copy:
            shutil.copyfileobj(opened, copy)
        done = subprocess.run(
            command, capture_output=True, cwd=settings.BASE_DIR, timeout=2 * SECONDS, check=False
        )
        made = int(done.stdout or 0) if done.returncode == 0 else 0
    except Blocked:
        return Laid(None, 0, "It is not known to be free of viruses.")
    except (FileNotFoundError, subprocess.TimeoutExpired, ValueError):
        made = 0
    finally:
        given.unlink(missing_ok=True)
    if not made or not out.exists():
        out.unlink(missing_ok=True)
        return Laid(None, 0, "It could not be put in here. Open it separately.")
    return Laid(out, made)
