"""What is in the diary of a worker or a case: the next review meeting, and a hearing, read above this."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.urls import reverse

from people.written import Written, given
from progression import gates
from progression.models import Meeting
from progression.states import OPEN, State

HEARINGS = []
"""Reads of the hearing of a case under review: each answers an Ahead or None. config puts them here."""


@dataclass(frozen=True)
class Ahead:
    """Something with a day and a time, today or later. `href` is the worker's page about it."""

    what: str
    starts_at: datetime
    place: str
    href: str


def of_worker(worker, application, *, today):
    """What is ahead of the worker, whose application in hand is this one, or None. Two queries at most."""
    ahead = _hearings(application, today) if application else []
    return ahead + _reviews(_of_worker().rows(worker=worker.pk, today=today))


def of_case(application, *, today):
    """What is ahead of this case. One query where it is under review or judged at a meeting."""
    if application.state not in OPEN:
        return []
    ahead = _hearings(application, today)
    if gates.judged_at_meeting(application.scheme.rules):
        ahead += _reviews(_coming(today).filter(application=application)[:1])
    return ahead


def _coming(today):
    diarised = Meeting.objects.filter(held_on=None, cancelled_at=None, starts_at__date__gte=today)
    return diarised.order_by("starts_at").values_list("name", "starts_at", "place")


@cache
def _of_worker():
    return Written(_coming(given("today")).filter(worker=given("worker"))[:1])


def _reviews(rows):
    return [Ahead(*meeting, reverse("progression:meetings")) for meeting in rows]


def _hearings(application, today):
    if application.state != State.UNDER_APPEAL:
        return []
    return [hearing for read in HEARINGS if (hearing := read(application, today=today))]
