"""What is in the diary of a worker or a case: the next review meeting, and a hearing, read above this."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery
from django.urls import reverse

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


def with_next_meeting(applications, *, today):
    """These applications, each with their worker's next meeting for `of_worker`: no query of its own."""
    coming = _coming(today).filter(worker=OuterRef("worker"))
    return applications.annotate(
        **{f"meeting_{name}": Subquery(coming.values(name)[:1]) for name in ("name", "starts_at", "place")}
    )


def of_worker(worker, application, *, today):
    """What is ahead of the worker, whose latest application is from `with_next_meeting`, or None.

    One query without an application or under review, otherwise none.
    """
    if application is None:
        meeting = _coming(today).filter(worker=worker).first()
        return [_review(meeting.name, meeting.starts_at, meeting.place)] if meeting else []
    ahead = _hearings(application, today)
    if application.meeting_starts_at:
        ahead += [_review(application.meeting_name, application.meeting_starts_at, application.meeting_place)]
    return ahead


def of_case(application, *, today):
    """What is ahead of this case. One query where it is under review or judged at a meeting."""
    if application.state not in OPEN:
        return []
    ahead = _hearings(application, today)
    if gates.judged_at_meeting(application.scheme.rules):
        meeting = _coming(today).filter(application=application).first()
        ahead += [_review(meeting.name, meeting.starts_at, meeting.place)] if meeting else []
    return ahead


def _coming(today):
    diarised = Meeting.objects.filter(held_on=None, cancelled_at=None, starts_at__date__gte=today)
    return diarised.order_by("starts_at")


def _review(name, starts_at, place):
    return Ahead(name, starts_at, place, reverse("progression:meetings"))


def _hearings(application, today):
    if application.state != State.UNDER_APPEAL:
        return []
    return [hearing for read in HEARINGS if (hearing := read(application, today=today))]
