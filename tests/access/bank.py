"""Rows of the table for a worker's bank: its search, its matrix, what a piece shows, what is used again."""

from portfolios.models import Claim, CriterionMark, HeadingMark
from tests.access.cast import NOT_BEGUN, WORKER, WORKERS
from tests.access.row import Row
from tests.portfolios.makers import piece_of, said

RECORDING, NOT_ASKED = {"code": "recording"}, {"code": "diversity-and-equality"}
SEARCHED = {"words": "visit", "kind": "testimony"}
TOO_LARGE = {"pk": 10**30}


def a_piece_that_fits(world, case):
    """Finished, marked for a heading and counted for none."""
    piece = piece_of(case.worker, fields=said(title="About it"), now=world.now)
    HeadingMark.objects.create(evidence=piece, scheme=case.scheme.code, heading="recording")


def _fills(case):
    criterion = case.step.criteria.filter(competency__code="recording").first()
    return {"fills": [f"{criterion.pk}-{case.worker.evidence.get(title='About it').pk}"]}


def _shows(case):
    """A criterion of the heading that the case's file is kept under."""
    claim = Claim.objects.filter(portfolio=case.portfolio, evidence__attachments__isnull=False).first()
    CriterionMark.objects.all().delete()
    return {"criteria_0": [str(case.step.criteria.filter(competency=claim.competency).first().pk)]}


def _piece_of_another(world):
    return {"pk": world.file_of(NOT_BEGUN).evidence_id}


ROWS = (
    Row(
        "evidence/search/",
        post_only=True,
        acts=WORKERS,
        sends=SEARCHED,
        form_on="evidence/",
        empty=302,
        keeps=False,
    ),
    Row("evidence/by-heading/", opens=WORKERS),
    Row("evidence/by-heading/<slug:code>/", opens=WORKERS, sends={}, then=200, keeps=False, args=RECORDING),
    Row(
        "evidence/by-heading/<slug:code>/",
        given=a_piece_that_fits,
        opens=WORKERS,
        acts=WORKER,
        sends=_fills,
        args=RECORDING,
    ),
    Row("evidence/by-heading/<slug:code>/", absent=WORKERS, sends={}, args=NOT_ASKED),
    Row("evidence/<int:pk>/shows/", opens=WORKER, sends=_shows, empty=302),
    Row("evidence/<int:pk>/shows/", absent=WORKERS - WORKER, sends={}),
    Row("evidence/<int:pk>/shows/", absent=WORKER, sends={}, args=_piece_of_another),
    Row("evidence/<int:pk>/shows/", absent=WORKERS, sends={}, args=TOO_LARGE),
    Row("portfolio/carry-over/", opens=WORKER, sends={}, then=200, keeps=False),
    Row(
        "portfolio/carry-over/",
        given=a_piece_that_fits,
        opens=WORKER,
        sends={"which": "marked", "headings": ["recording"]},
    ),
    Row("portfolio/carry-over/", NOT_BEGUN, blocked=WORKER, sends={}),
)
