"""The deadlines that a state opens and leaving it closes, and those inside one. `sweep.py` reminds."""

from django.utils import timezone

from progression import deadlines, ladder, policies, selectors
from progression.models import Application, Deadline, DeadlineKind
from progression.states import BEING_BUILT, Owner, State


def open_for_state(application, *, now):
    """Open what the application's state asks of its owner: by when, and when to remind them. R19, R21."""
    days, kind = policies.working_days_allowed(application), _kind(application.stage)
    being_built = application.state in BEING_BUILT
    if days is not None or being_built or kind == DeadlineKind.DECIDE_REVIEW:
        _open(application, kind, working_days=days, due_on=None, now=now)


def open_deadline(application, kind, *, now, due_on=None, working_days=None):
    """Open a deadline inside the application's state: for a late request, a variation, a query.

    By a day, or in so many working days after today; without either, a reminder alone. Whoever acts on one of
    its kind is reminded until `close`, or until the case moves. Returns the Deadline.
    """
    return _open(application, kind, working_days=working_days, due_on=due_on, now=now)


def _open(application, kind, *, working_days, due_on, now):
    today = timezone.localdate(now)
    holidays = selectors.holidays_of(application.team.service_id)
    if working_days is not None:
        due_on = ladder.exactly(today, working_days, holidays)
    deadline = Deadline(
        application=application, kind=kind, state=application.state, opened_on=today, due_on=due_on
    )
    _arm(deadline, holidays, since=today)
    deadline.save()
    return deadline


def close(application, kind, *, now):
    """Close the application's open deadline of this kind, if there is one."""
    _close(application.deadlines.filter(kind=kind), now=now)


def close_all(application, *, now):
    """Close every open deadline of the application: nobody is reminded of what is finished."""
    _close(application.deadlines, now=now)


def _close(found, *, now):
    found.filter(closed_on=None).update(closed_on=timezone.localdate(now), next_reminder_on=None)


def date_what_was_unknown():
    """Work out deadlines that fell past the bank holidays known when they opened. Returns how many."""
    dated = 0
    waiting = Deadline.objects.filter(closed_on=None, due_on=None).exclude(state__in=BEING_BUILT)
    _lock_cases(Application.objects.filter(pk__in=waiting.values("application")))
    for deadline in _locked(waiting.select_related("application__scheme", "application__team")):
        holidays = selectors.holidays_of(deadline.application.team.service_id)
        days = policies.working_days_allowed(deadline.application)
        if days is not None and (due_on := ladder.exactly(deadline.opened_on, days, holidays)):
            deadline.due_on = due_on
            _arm(deadline, holidays, since=deadline.opened_on, from_rung=deadline.next_reminder)
            deadline.save(update_fields=["due_on", "next_reminder", "next_reminder_on"])
            dated += 1
    return dated


def make_later(service, *, before, after):
    """Count the service's open deadlines anew, now that a closure has turned `before` holidays into `after`.

    A day may become later, never earlier: whoever counted on it keeps it. Returns how many became later.
    """
    moved = 0
    going_on = Deadline.objects.filter(closed_on=None, application__team__service=service)
    # Whatever waits has a deadline open. A move that has begun is waited for: it may open one by old days.
    _lock_cases(Application.objects.filter(pk__in=going_on.values("application")))
    found = going_on.filter(due_on__isnull=False).select_related("application__scheme")
    for deadline in _locked(found):
        days = deadlines.working_days_between(deadline.opened_on, deadline.due_on, before)
        due_on = ladder.exactly(deadline.opened_on, days, after)
        if due_on is not None and due_on > deadline.due_on:
            deadline.due_on = due_on
            _arm(deadline, after, since=deadline.opened_on, from_rung=deadline.next_reminder)
            deadline.save(update_fields=["due_on", "next_reminder", "next_reminder_on"])
            moved += 1
    return moved


def _lock_cases(cases):
    """Lock these applications before their deadlines, as a move does: or each might wait for the other."""
    list(cases.order_by("pk").select_for_update(no_key=True).values_list("pk"))


def _locked(found):
    return found.order_by("pk").select_for_update(of=("self",))


def _arm(deadline, holidays, *, since, from_rung=0):
    """Set which reminder comes next, and when; never one of a day before the deadline was opened."""
    found = ladder.rungs(
        deadline.kind,
        deadline.state,
        since=since,
        due_on=deadline.due_on,
        reminders=deadline.application.scheme.rules.reminders,
        holidays=holidays,
    )
    ahead = [number for number, rung in enumerate(found) if rung.day > deadline.opened_on]
    deadline.next_reminder = next((number for number in ahead if number >= from_rung), len(found))
    deadline.next_reminder_on = ladder.next_look(
        found, deadline.next_reminder, ladder.missed_from(deadline.kind, deadline.due_on, holidays)
    )


def _kind(stage):
    if stage.owner == Owner.HEARER:
        return DeadlineKind.DECIDE_REVIEW
    return DeadlineKind.ASK_FOR_REVIEW if State.UNDER_APPEAL in stage.moves else DeadlineKind.ACT
