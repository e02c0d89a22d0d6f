"""Draws a portfolio as one PDF: contents, the evidence form, every example with its files behind it.

Drawn twice, as a hearing bundle is: once to see on which page each part begins, once with the contents filled
in. The same content and the same date give the same bytes.
"""

import re
from datetime import UTC, timedelta

from django.conf import settings

from payroll.letters import stylesheet
from payroll.pdf import render
from portfolios import pack_transitions, working
from portfolios.models import PackStage
from portfolios.working import A_STEP
from reviews import binding
from reviews.bundle import templates
from reviews.laying_out import Room, lay_out_all
from reviews.pack_selectors import pack_papers

ROOM = Room(size=400 * 1024**2, pages=4_000, files=800)
A_PIECE = timedelta(seconds=1)
"""Far more than it takes to draw one twice."""

template = templates.get_template("pack.html")
CSS = stylesheet("form.css") + (
    (settings.BASE_DIR / "templates" / "reviews" / "pdf" / "pack.css").read_text(encoding="utf-8")
)
NUMBERED = re.compile(r"(?:Example |Document )?\d+")


def make(pack, *, now):
    """Draw it, and keep it. `now` is called for the time. Raises working.TakenOver."""
    papers = pack_papers(pack)
    total = len(papers.files)
    drawing = A_STEP + A_PIECE * sum(told.here for heading in papers.headings for told in heading.pieces)

    def told(stage, done=total, for_so_long=A_STEP):
        working.tell(pack, stage, done=done, total=total, now=now(), for_so_long=for_so_long)

    with working.working_folder() as folder:
        laid = lay_out_all(papers.files, folder, room=ROOM, told=lambda done: told(PackStage.FILES, done))
        told(PackStage.DRAWING, for_so_long=drawing)
        blank = draw(papers, laid, pages={})
        pages = {
            NUMBERED.match(title)[0]: page
            for title, page in binding.pages_of(blank, laid).items()
            if NUMBERED.match(title)
        }
        drawn = draw(papers, laid, pages=pages)
        told(PackStage.BINDING, for_so_long=drawing)
        out = folder / "pack.pdf"
        count = binding.bind(drawn, laid, papers.files, out, foot=papers.foot)
        pack_transitions.keep(pack, out, pages=count, now=now())


def draw(papers, laid, *, pages):
    """The service's own pages, in bytes; `pages` says on which page of the whole each part begins."""
    body = template.render(papers=papers, laid=laid, pages=pages)
    return render(body, CSS, title=papers.title, modified=papers.at.astimezone(UTC).replace(microsecond=0))
