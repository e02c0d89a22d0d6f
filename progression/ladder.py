"""When people are reminded of a deadline, worked out from the scheme's ladder. Pure: nothing is read."""

from dataclasses import dataclass
from datetime import date

from progression import deadlines
from progression.models import DeadlineKind
from progression.states import BEING_BUILT, STAGES, Owner, State

OWNERS = {
    DeadlineKind.ASK_FOR_REVIEW: Owner.WORKER,
    DeadlineKind.DECIDE_REVIEW: Owner.HEARER,
    DeadlineKind.DECIDE_LATE_REQUEST: Owner.HEARER,
    DeadlineKind.ANSWER_VARIATION: Owner.WORKER,
    DeadlineKind.ANSWER_QUERY: Owner.MANAGER,
}
"""Who acts by a deadline of this kind. An act's is the owner of the state that opened it."""

WORKERS_OWN = (DeadlineKind.ASK_FOR_REVIEW, DeadlineKind.ANSWER_VARIATION)
"""A right that its worker need not use: letting the day pass is no fault, and nobody is told."""


@dataclass(frozen=True)
class Rung:
    """One reminder: when, and whether whoever manages those who act gets it too."""

    day: date
    to_manager: bool = False


def owner_of(kind, state):
    """Who acts by a deadline of this kind, opened in this state."""
    return OWNERS.get(kind) or STAGES[State(state)].owner


def rungs(kind, state, *, since, due_on, reminders, holidays):
    """The reminders of a deadline by the scheme's `reminders`, the first first; a reminder is its place here.

    They hang on `due_on`, or where there is none on the day by which it is expected. Those of a portfolio
    being built count from `since`, its last save.
    """
    if kind == DeadlineKind.ACT and state in BEING_BUILT:
        return [Rung(about(since, days, holidays)) for days in sorted(reminders.idle)]
    ladder = getattr(reminders, kind)
    target = due_on or about(since, ladder.within, holidays)
    found = [
        Rung(deadlines.working_days_before(target, days, holidays))
        for days in sorted(ladder.before, reverse=True)
    ]
    found += [Rung(target)] if ladder.on_day else []
    told = ladder.to_manager_after
    return found + [
        Rung(about(target, days, holidays), to_manager=told is not None and days >= told)
        for days in sorted(ladder.after)
    ]


def missed_from(kind, due_on, holidays):
    """The working day on which a deadline not kept counts as missed, or None where it never does."""
    if due_on is None or kind in WORKERS_OWN:
        return None
    return about(due_on, 1, holidays)


def exactly(start, days, holidays):
    """A time limit's last day, or None while the bank holidays it may run over are not known."""
    try:
        return deadlines.add_working_days(start, days, holidays)
    except deadlines.BeyondKnownHolidays:
        return None


def about(start, days, holidays):
    """When to remind: past the bank holidays known, weekdays are near enough."""
    return exactly(start, days, holidays) or deadlines.add_weekdays(start, days)


def next_look(found, number, missed):
    """The day of the next thing to do: reminder `number` of those `found`, or noting that it was missed."""
    days = [found[number].day] if number < len(found) else []
    return min([*days, *([missed] if missed else [])], default=None)
