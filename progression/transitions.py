"""The moves of a case that its worker makes, and the kernel that every package's moves are made with.

Each verb reads: lock, who, when, write, history, tell.
"""

from django.db import connection, transaction

from competencies import selectors as competencies
from people.policies import Blocked
from portfolios import transitions as portfolios
from progression import deadlines, notifications, permissions, policies
from progression.models import Application, Deadline, DeadlineKind, Event
from progression.states import STAGES, State


def lock(application, *states):
    """The application's row, locked until the transaction ends, and still in one of `states`.

    Raises Blocked, saying who moved it and when, if somebody was quicker.
    """
    locked = (
        Application.objects.select_for_update(of=("self",))
        .select_related("worker", "team__service", "team__manager", "scheme", "step__from_level", "step__to_level", "portfolio")
        .get(pk=application.pk)
    )
    if locked.state not in states:
        raise Blocked(policies.already_moved(locked))
    return locked


def move(application, to, *, actor, verb, now, reason="", detail=None):
    """Put a locked application into state `to`: its history, its deadlines and who is told, all of it or none.

    Returns the Event. Raises ValueError for a move that the table of states does not have.
    """
    came_from = application.state
    if to not in STAGES[State(came_from)].moves:
        raise ValueError(f"No move from {came_from} to {to}.")
    application.state = to
    application.state_since = now
    application.save()
    event = record(application, actor=actor, verb=verb, now=now, from_state=came_from, reason=reason, detail=detail)
    deadlines.close_all(application, now=now)
    deadlines.open_for_state(application, now=now)
    notifications.tell_of_move(application, event=event, now=now)
    return event
