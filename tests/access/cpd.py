"""Rows of the table for the regulator's CPD: its worker's alone."""

from datetime import timedelta

from django.utils import timezone

from portfolios import cpd_transitions
from portfolios.models import CpdRecord
from portfolios.regulator import regulator
from progression.states import State
from tests.access.cast import COLLEAGUE, NOBODY, WORKER, WORKERS
from tests.access.row import Row
from tests.portfolios.makers import piece_of

PEER, OUT = "cpd/records/<int:pk>/peer-reflection/", "cpd/records/<int:pk>/take-out/"


def _record(world, worker, *, before=False):
    piece = piece_of(worker, now=world.now)
    today = timezone.localdate()
    if before:
        today = regulator().year_starts(regulator().year_ends(today)) - timedelta(days=1)
    cpd_transitions.choose(worker, pieces=[piece.pk], now=world.now, today=today)
    return {"pk": CpdRecord.objects.get(evidence=piece).pk, "year": regulator().year_ends(today).year}


def own(world):
    return _record(world, world.case(State.DRAFT).worker)


def of_colleague(world):
    return _record(world, world.place.colleague)


def own_of_last_year(world):
    return _record(world, world.case(State.DRAFT).worker, before=True)


def entered(world):
    record, today = own(world), timezone.localdate()
    cpd_transitions.mark_entered(world.case(State.DRAFT).worker, on=today, today=today)
    return record


def worker_has_chosen(world, case):
    _record(world, case.worker)


def _one_piece(case):
    return {"pieces": [str(case.worker.evidence.filter(complete=True, removed_at=None).first().pk)]}


def _peer(case):
    return {"role": "a senior social worker", "said": "She asked why."} | _day()


def _day(case=None):
    today = timezone.localdate()
    return {"on_0": str(today.day), "on_1": str(today.month), "on_2": str(today.year)}


ROWS = (
    Row("cpd/", opens=WORKERS),
    Row("cpd/choose/", opens=WORKERS, acts=WORKER, sends=_one_piece),
    Row("cpd/entered/", State.DRAFT, worker_has_chosen, opens=WORKER, blocked=WORKERS - WORKER, sends=_day),
    Row("cpd/text/", opens=WORKERS),
    Row("cpd/<int:year>/", opens=WORKER, args=own_of_last_year),
    Row("cpd/<int:year>/", absent=WORKER, args=own),
    Row("cpd/<int:year>/", absent=WORKER, args={"year": 10**30}),
    Row(PEER, opens=WORKER, sends=_peer, args=own),
    Row(PEER, opens=COLLEAGUE, sends=_peer, args=of_colleague),
    Row(PEER, blocked=WORKER, sends=_peer, acts=NOBODY, args=own_of_last_year),
    Row(PEER, absent=WORKER, args={"pk": 10**30}),
    Row(OUT, opens=WORKER, sends={}, empty=302, args=own),
    Row(OUT, opens=COLLEAGUE, sends={}, empty=302, args=of_colleague),
    Row(OUT, blocked=WORKER, sends={}, acts=NOBODY, args=entered),
)
