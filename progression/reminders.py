"""The deadlines a state opens and leaving it closes, and the sweep that queues their reminders, each once."""

import logging

from django.db import transaction
from django.utils import timezone

from progression import deadlines, notifications, policies, selectors
from progression.models import Deadline, DeadlineKind
from progression.states import BEING_BUILT, STAGES, Owner, State

log = logging.getLogger(__name__)

A_BATCH = 50


def open_for_state(application, *, now):
    """Open what the application's state asks of its owner: by when, and when to remind them. R19, R21."""
    stage, today = application.stage, timezone.localdate(now)
    days = policies.working_days_allowed(application)
    if days is None and not stage.remind_after:
        return
    holidays = selectors.bank_holidays()
    Deadline.objects.create(
        application=application,
        kind=_kind(stage),
        state=application.state,
        opened_on=today,
        due_on=None if days is None else _exactly(today, days, holidays),
        next_reminder_on=_about(today, stage.remind_after[0], holidays) if stage.remind_after else None,
    )


def open_deadline(application, kind, *, now, due_on=None, working_days=None):
    """Open a deadline inside the application's state: for a late request, a variation, a query.

    By a day, or in so many working days after today; without either, a reminder alone. Whoever acts on one of
    its kind is reminded until `close`, or until the case moves. Returns the Deadline.
    """
    today = timezone.localdate(now)
    holidays = selectors.bank_holidays()
    if working_days is not None:
        due_on = _exactly(today, working_days, holidays)
    return Deadline.objects.create(
        application=application,
        kind=kind,
        state=application.state,
        opened_on=today,
        due_on=due_on,
    )


def close(application, kind, *, now):
    """Close the application's open deadline of this kind, if there is one."""
    application.deadlines.filter(kind=kind, closed_on=None).update(
        closed_on=timezone.localdate(now), next_reminder_on=None
    )


def close_all(application, *, now):
    """Close every open deadline of the application: nobody is reminded of what is finished."""
    application.deadlines.filter(closed_on=None).update(
        closed_on=timezone.localdate(now), next_reminder_on=None
    )


def date_what_was_unknown():
    """Work out deadlines that fell past the bank holidays known when they opened. Returns how many."""
    holidays, dated = selectors.bank_holidays(), 0
    waiting = Deadline.objects.filter(closed_on=None, due_on=None).exclude(state__in=BEING_BUILT)
    for deadline in waiting.select_related("application__scheme").select_for_update(of=("self",)):
        days = policies.working_days_allowed(deadline.application)
        if days is not None and (due_on := _exactly(deadline.opened_on, days, holidays)):
            deadline.due_on = due_on
            deadline.save(update_fields=["due_on"])
            dated += 1
    return dated


def sweep(*, today, now):
    """Queue a notice for every reminder due by `today`, once a person, whatever restarts. Returns how many.

    Two sweeps at once share the work: each passes over what the other has locked. A deadline that cannot be
    worked out is left for the next sweep, and the log says which.
    """
    queued, last_id, holidays = 0, 0, selectors.bank_holidays()
    while True:
        with transaction.atomic():
            batch = list(
                Deadline.objects.filter(closed_on=None, next_reminder_on__lte=today, pk__gt=last_id)
                .select_related("application__scheme", "application__team__manager", "application__worker")
                .select_for_update(of=("self", "application"), skip_locked=True)
                .order_by("pk")[:A_BATCH]
            )
            if not batch:
                return queued
            for deadline in batch:
                last_id = deadline.pk
                try:
                    with transaction.atomic():
                        queued += _remind(deadline, holidays, today=today, now=now)
                except Exception:
                    log.exception("Deadline %s could not be swept", deadline.pk)


def _remind(deadline, holidays, *, today, now):
    """Queue the latest reminder that is due, and set when the next one is. Returns how many notices."""
    ladder = STAGES[State(deadline.state)].remind_after
    since = _waiting_since(deadline)
    days_due = {step: _about(since, days, holidays) for step, days in enumerate(ladder)}
    due = [step for step, day in days_due.items() if step >= deadline.next_reminder and day <= today]
    queued = notifications.remind(deadline, step=due[-1], now=now) if due else 0
    if due:
        deadline.next_reminder = due[-1] + 1
    deadline.next_reminder_on = days_due.get(deadline.next_reminder)
    deadline.save(update_fields=["next_reminder", "next_reminder_on"])
    return queued


def _waiting_since(deadline):
    """The day the wait is counted from: a draft is idle only from its worker's last save."""
    if deadline.state not in BEING_BUILT:
        return deadline.opened_on
    worked_on = selectors.last_worked_on(deadline.application)
    return max(deadline.opened_on, worked_on) if worked_on else deadline.opened_on


def _kind(stage):
    if stage.owner == Owner.HEARER:
        return DeadlineKind.DECIDE_REVIEW
    return DeadlineKind.ASK_FOR_REVIEW if State.UNDER_APPEAL in stage.moves else DeadlineKind.ACT


def _exactly(start, days, holidays):
    """A time limit's last day, or None while the bank holidays it may run over are not known."""
    try:
        return deadlines.add_working_days(start, days, holidays)
    except deadlines.BeyondKnownHolidays:
        return None


def _about(start, days, holidays):
    """When to remind: past the bank holidays known, weekdays are near enough."""
    return _exactly(start, days, holidays) or deadlines.add_weekdays(start, days)
