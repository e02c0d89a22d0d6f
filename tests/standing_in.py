"""Standing in, conflicts and hand-overs for tests, by the real transitions, as of the real today."""

from datetime import timedelta

from django.utils import timezone

from people import transitions
from people.models import Tie
from progression import judges, recusal_transitions


def away(delegator, delegate, *, first=0, last=0):
    """`delegate` stands in for `delegator` from `first` to `last`, in days from today."""
    now = timezone.now()
    made = now + timedelta(days=min(first, 0))
    today = timezone.localdate(now)
    return transitions.delegate(
        delegator,
        to=delegate,
        first_day=today + timedelta(days=first),
        last_day=today + timedelta(days=last),
        actor=delegator,
        now=made,
    )


def back(delegation):
    """End it a moment ago."""
    return transitions.end_delegation(delegation, actor=delegation.delegator, now=timezone.now())


def tied(person, other):
    """`person` declares a conflict of interest with `other`."""
    return transitions.declare_conflict(
        person, other=other, tie=Tie.PARTNER, actor=person, now=timezone.now()
    )


def untied(conflict):
    return transitions.end_conflict(conflict, actor=conflict.person, now=timezone.now())


def handed_over(application, *, by, to, reason="We were at school together."):
    """Whoever `by` is, the case goes to `to`, in the part that it waits for now."""
    return recusal_transitions.recuse(
        application,
        actor=by,
        capacity=judges.CAPACITY_OF_OWNER[application.stage.owner],
        reason=reason,
        handed_to=to,
        now=timezone.now(),
    )
