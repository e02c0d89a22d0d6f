"""Every read of meetings, in a fixed number of queries."""

from dataclasses import dataclass
from datetime import date

from django.utils.timezone import localdate

from progression import gates
from progression.models import Application, Meeting
from progression.states import State


def meeting_of(application):
    """The Meeting at which the application is or was judged: the latest of which it had notice, or None."""
    found = Meeting.objects.filter(application=application, cancelled_at=None)
    return found.select_related("arranged_by", "on_behalf_of").first()


def ahead(worker):
    """The worker's next Meeting, diarised and not yet held, or None. It may be past: then it is to record."""
    return (
        Meeting.objects.filter(worker=worker, held_on=None, cancelled_at=None)
        .select_related("application", "team__manager", "arranged_by", "on_behalf_of")
        .first()
    )


def for_notice(worker, application=None):
    """The Meeting that stands for this application, or else the worker's next one, or None."""
    return (application and meeting_of(application)) or ahead(worker)


def meetings_of(worker):
    """All the worker's meetings, latest first, each with its moves."""
    return list(
        Meeting.objects.filter(worker=worker)
        .select_related("application", "arranged_by", "on_behalf_of")
        .prefetch_related("moves__by", "moves__on_behalf_of")
    )


@dataclass(frozen=True)
class Due:
    """By when the worker's next meeting is to be held: None where the scheme gives no rhythm, or at once."""

    name: str
    by: date | None
    overdue: bool
    sentence: str


def next_due(worker, rules, *, today):
    """When the scheme wants the worker's next meeting. Two queries. R25, R34."""
    cycle = rules.cycle
    held = Meeting.objects.filter(worker=worker, held_on__isnull=False).order_by("-held_on").first()
    if cycle.every_months:
        began = _level_began(worker)
        by = gates.months_after(max(held.held_on, began) if held else began, cycle.every_months)
        rhythm = f"Every {cycle.every_months} months"
        if held is None and by < today:
            return Due(cycle.held_at, None, True, f"{rhythm}. None is recorded yet, so one is due now.")
    elif cycle.opens:
        first, by = gates.window_from(cycle.opens, today)
        rhythm = f"Each year, from {gates.shown(first)} to {gates.shown(by)}"
        if held and first <= held.held_on <= by:
            return Due(cycle.held_at, None, False, f"{rhythm}. This year’s has been held.")
    else:
        return Due(cycle.held_at, None, False, "It can be held at any time.")
    return Due(cycle.held_at, by, by < today, f"{rhythm}. The next is due by {gates.shown(by)}.")


def _level_began(worker):
    """The day from which the worker holds their level, or has been with the council."""
    latest = Application.objects.filter(worker=worker, state=State.IMPLEMENTED).order_by("-effective_date")
    since = latest.values_list("effective_date", flat=True).first()
    return max(filter(None, (since, worker.post.service_start)))


def day_of(meeting):
    """The day on which it is diarised, in London."""
    return localdate(meeting.starts_at)
