"""Somebody does not judge a case after all. Each verb reads: lock, who, when, write, history, tell."""

from django.db import transaction

from progression import access, judges, notifications, permissions, policies, selectors
from progression.models import Capacity, Recusal
from progression.permissions import HAND_OVERS
from progression.states import STAGES
from progression.transitions import lock, record

JUDGED = tuple(state for state, stage in STAGES.items() if stage.owner in judges.CAPACITY_OF_OWNER)
"""States in which somebody is to judge the case."""


@transaction.atomic
def recuse(application, *, actor, capacity, reason, handed_to, now):
    """Step back from judging the case, or have its manager do so, and hand it to somebody. R15, R19.

    `capacity` is the part that the page asked about: a case that has moved on since is not handed over in
    another. The worker learns who judges it now, and never why. Returns the Recusal.
    """
    application = lock(application, *JUDGED)
    judge = permissions.check_can_step_back(actor, application)
    capacity = Capacity(capacity)
    policies.check_judged_as(application, capacity)
    policies.check_says_why(reason)
    person = actor if judge.how != "overseer" else selectors.last_asked_to_judge(application, capacity)
    policies.check_may_take_over(application, capacity, handed_to, instead_of=person)
    recusal = Recusal.objects.create(
        application=application,
        capacity=capacity,
        person=person,
        reason=reason.strip(),
        handed_to=handed_to,
        at=now,
    )
    event = record(
        application,
        actor=actor,
        on_behalf_of=judge.stands_in_for,
        verb=HAND_OVERS[person != actor],
        now=now,
        reason=recusal.reason,
        detail={"capacity": capacity, "from": person.name, "to": handed_to.name},
    )
    for somebody in (actor, person, handed_to):
        access.keep_sight(application, of=somebody)
    notifications.tell_of_hand_over(application, event=event, handed_to=handed_to, of=person, now=now)
    return recusal
