"""Rows of the table for a worker's reviews, for what their gates rest on, and from when they can apply."""

from datetime import timedelta

from django.utils.timezone import localdate

from progression.states import State
from tests.access.cast import (
    ASSESSING_HEAD,
    MANAGER,
    NOBODY,
    NOT_BEGUN,
    REDBRIDGE_DRAFT,
    SENIORS,
    SIGNED_IN,
    WORKER,
    WORKERS,
)
from tests.access.row import Row

MEMBER = "team/<int:worker>/"
TOO_LARGE = 10**30
REASON = {"reason": "A court date."}


def _parts(name, day):
    return {f"{name}_0": str(day.day), f"{name}_1": str(day.month), f"{name}_2": str(day.year)}


def _in_the_diary(case):
    return {
        "at": "14:30",
        "place": "Room 4",
        "minutes": "60",
        **_parts("day", localdate() + timedelta(days=30)),
    }


def _moved(case):
    return {**_in_the_diary(case), **REASON}


def _held(case):
    return _parts("held_on", localdate())


def _details(case):
    return {"newly_qualified": "yes", **_parts("induction_completed_on", localdate())}


ROWS = (
    # The worker's own
    Row("ready/", opens=WORKERS, refused=SIGNED_IN - WORKERS),
    Row("meetings/", opens=WORKERS, refused=SIGNED_IN - WORKERS),
    Row("meetings/", REDBRIDGE_DRAFT, opens=WORKERS, refused=SIGNED_IN - WORKERS),
    Row(
        "meetings/notice/",
        REDBRIDGE_DRAFT,  # R26
        opens=WORKER,
        refused=SIGNED_IN - WORKERS,
        sends={},
        empty=302,
    ),
    Row("meetings/notice/", blocked=WORKER, refused=SIGNED_IN - WORKERS, sends={}),
    Row("meetings/notice/", NOT_BEGUN, refused=SIGNED_IN - WORKERS, sends={}),
    # One worker, for whoever manages them, and for the senior managers of the service
    Row(MEMBER, opens=MANAGER | SENIORS),
    Row(MEMBER, NOT_BEGUN, opens=MANAGER | SENIORS),
    Row(MEMBER, args={"worker": TOO_LARGE}),
    Row(MEMBER, args=lambda world: {"worker": world.place.manager.pk}),
    Row(MEMBER + "ready/", opens=MANAGER | SENIORS),
    Row(MEMBER + "ready/", REDBRIDGE_DRAFT, opens=SENIORS),
    Row(MEMBER + "details/", opens=MANAGER, sends=_details),
    Row(MEMBER + "details/", REDBRIDGE_DRAFT, opens=ASSESSING_HEAD, sends={}, acts=NOBODY),
    Row(MEMBER + "meetings/", opens=MANAGER),
    Row(MEMBER + "meetings/", REDBRIDGE_DRAFT, opens=ASSESSING_HEAD),
    Row(MEMBER + "meetings/diarise/", opens=MANAGER, sends=_in_the_diary),
    Row(MEMBER + "meetings/diarise/", REDBRIDGE_DRAFT, blocked=ASSESSING_HEAD, sends=_in_the_diary),
    Row(MEMBER + "meetings/move/", REDBRIDGE_DRAFT, opens=ASSESSING_HEAD, sends=_moved),
    Row(MEMBER + "meetings/move/", State.DRAFT, sends=_moved),
    Row(MEMBER + "meetings/cancel/", REDBRIDGE_DRAFT, opens=ASSESSING_HEAD, sends=REASON),
    Row(MEMBER + "meetings/cancel/", State.DRAFT, sends=REASON),
    Row(MEMBER + "meetings/held/", REDBRIDGE_DRAFT, opens=ASSESSING_HEAD, sends=_held),
    Row(MEMBER + "meetings/held/", State.DRAFT, sends=_held),
)
