"""*When* a meeting may be diarised, moved, called off or held, and notice of it given. R25, R26, R31, R34."""

from datetime import timedelta

from django.utils.timezone import localdate

from people.policies import Blocked
from progression import gates
from progression.gates import shown
from progression.meeting_selectors import day_of
from progression.states import BEING_BUILT, State

FARTHEST = timedelta(days=2 * 365)


def check_diarisable(rules, *, starts_at, now):
    """Raise Blocked for a day that is past, too far off, or out of the scheme's window. R34."""
    if starts_at <= now:
        raise Blocked("Choose a day and time that are still to come.")
    if starts_at > now + FARTHEST:
        raise Blocked("Choose a day within the next two years.")
    day, opens = localdate(starts_at), rules.cycle.opens
    if opens is not None and not opens.contains(day):
        first, last = gates.window_from(opens, localdate(now))
        raise Blocked(
            f"The {rules.cycle.held_at} is held from {shown(first)} to {shown(last)}: choose a day then."
        )


def check_none_ahead(meeting):
    """Raise Blocked while another is diarised: one at a time."""
    if meeting is not None:
        raise Blocked(f"One is already in the diary, for {shown(day_of(meeting))}. Move that one instead.")


def check_ahead(meeting):
    """Raise Blocked, saying which, once it was held or called off."""
    if meeting.held_on is not None:
        raise Blocked(f"It was held on {shown(meeting.held_on)}.")
    if meeting.cancelled_at is not None:
        raise Blocked(f"It was called off on {shown(localdate(meeting.cancelled_at))}.")


def check_movable(meeting, rules, *, starts_at, now):
    """Raise Blocked unless it may be at that time: notice once given stays long enough. R26, R34."""
    check_ahead(meeting)
    check_diarisable(rules, starts_at=starts_at, now=now)
    if meeting.notice_given_on is not None:
        first = meeting.notice_given_on + gates.notice_needed(rules)
        if localdate(starts_at) < first:
            given = shown(meeting.notice_given_on)
            raise Blocked(f"The worker gave notice on {given}: the first day for it is {shown(first)}.")


def check_moves(meeting, *, starts_at, place):
    """Raise Blocked where it is there already: nobody is told twice, as by a button pressed twice."""
    if (meeting.starts_at, meeting.place) == (starts_at, place):
        raise Blocked("It is in the diary for that time and place already.")


def check_cancellable(meeting):
    """Raise Blocked for one at which a portfolio already handed in is to be judged: that is moved instead."""
    check_ahead(meeting)
    if meeting.application is not None and meeting.application.state not in BEING_BUILT:
        raise Blocked(
            f"{meeting.application.reference} is to be judged at it. Move it to another day instead."
        )


def check_reason(reason):
    if not reason.strip():
        raise Blocked("Say why.")


def check_notice(meeting, application, *, today):
    """Raise Blocked unless notice of `meeting` (or None) for the application is given in time. R26."""
    rules = application.scheme.rules
    if not gates.judged_at_meeting(rules):
        raise Blocked("Your scheme asks for no notice.")
    gate = gates.notice(rules, meeting, application, today=today)
    if gate.state == gates.GateState.OPEN:
        raise Blocked(gate.sentence)
    if gate.state == gates.GateState.UNKNOWN:
        raise Blocked(gate.in_full)


def last_day_for_notice(meeting, rules):
    """The last day on which notice of it is in time. R26."""
    return day_of(meeting) - gates.notice_needed(rules)


def first_day_held(meeting, rules):
    """The earliest day on which it can have been held: once diarised, and with notice run out. R26, R31."""
    first = localdate(meeting.arranged_at)
    if meeting.notice_given_on is None:
        return first
    return max(first, meeting.notice_given_on + gates.notice_needed(rules))


def check_can_be_held(meeting, rules, *, today):
    """Raise Blocked while no day on which it can have been held has come."""
    first = first_day_held(meeting, rules)
    if first > today:
        raise Blocked(
            f"Notice was given on {shown(meeting.notice_given_on)}: it can be held from {shown(first)}."
        )


def check_held(meeting, rules, *, held_on, today):
    """Raise Blocked unless it can have been held on that day. R26, R31."""
    check_ahead(meeting)
    if held_on > today:
        raise Blocked("A day that is still to come cannot be recorded.")
    first = first_day_held(meeting, rules)
    if held_on < first:
        raise Blocked(f"It cannot have been held before {shown(first)}.")


def comes_too_late(meeting):
    """Whether it was held without a portfolio handed in: notice of it then counts for nothing. R27."""
    return meeting.application is not None and meeting.application.state == State.DRAFT
