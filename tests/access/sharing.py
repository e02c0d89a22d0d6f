"""Rows of the table for self-assessment, sharing, comments and progress: the worker's and their manager's."""

from competencies.models import Criterion
from tests.access.cast import WORKERS
from tests.access.row import Row

RECORDING = {"code": "recording"}


def _stands(case):
    """Every criterion of the heading, of whichever step the reader's is."""
    criteria = Criterion.objects.filter(competency__code="recording").values_list("pk", flat=True)
    return {f"stand_{pk}": "doing" for pk in criteria}


ROWS = (
    Row("self-assessment/", opens=WORKERS),
    Row("self-assessment/<slug:code>/", opens=WORKERS, sends=_stands, empty=302, args=RECORDING),
    Row("self-assessment/<slug:code>/", args={"code": "working-with-children"}),
)
