"""Standing in and conflicts of interest. Each verb reads: lock, who, when, write."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from people import permissions, policies
from people.models import Conflict, Delegation, User


@transaction.atomic
def delegate(delegator, *, to, first_day, last_day, actor, now):
    """Have `to` stand in for `delegator` on these days, both included. Returns the Delegation.

    Raises NotAllowed, or Blocked with every reason why not.
    """
    delegator, to = _lock_people(delegator, to)
    permissions.check_can_delegate(delegator)
    if actor.pk != delegator.pk:
        permissions.check_can_arrange_for_others(actor)
    policies.check_delegation(
        delegator, to, first_day=first_day, last_day=last_day, today=timezone.localdate(now)
    )
    return Delegation.objects.create(
        delegator=delegator,
        delegate=to,
        first_day=first_day,
        last_day=last_day,
        made_at=now,
        made_by=actor,
    )


@transaction.atomic
def end_delegation(delegation, *, actor, now):
    """End it from this moment: what was done meanwhile stays, with both names. Returns the Delegation."""
    delegation = (
        Delegation.objects.select_for_update(of=("self",)).select_related("ended_by").get(pk=delegation.pk)
    )
    permissions.check_can_end_delegation(actor, delegation)
    policies.check_not_ended(delegation)
    policies.check_not_over(delegation, today=timezone.localdate(now))
    return _end(delegation, actor=actor, now=now)


@transaction.atomic
def declare_conflict(person, *, other, tie, detail="", actor, now):
    """Say that `person` is tied to `other`: neither judges the other meanwhile. Returns the Conflict."""
    permissions.check_can_declare_conflict(actor, person)
    policies.check_declarable(person, other)
    try:
        with transaction.atomic():
            return Conflict.objects.create(
                person=person,
                other=other,
                tie=tie,
                detail=detail.strip(),
                declared_at=now,
                declared_by=actor,
            )
    except IntegrityError:
        # The same, sent twice at this very moment: say what is there now.
        policies.check_declarable(person, other)
        raise


@transaction.atomic
def end_conflict(conflict, *, actor, now):
    """Say that it is over: from this moment it bars nobody. Returns the Conflict."""
    conflict = Conflict.objects.select_for_update(of=("self",)).select_related("ended_by").get(pk=conflict.pk)
    permissions.check_can_end_conflict(actor, conflict)
    policies.check_not_ended(conflict)
    return _end(conflict, actor=actor, now=now)


def _end(thing, *, actor, now):
    thing.ended_at = now
    thing.ended_by = actor
    thing.save(update_fields=["ended_at", "ended_by"])
    return thing


def _lock_people(*people):
    """The same people, locked in one order: two arrangements that clash wait for each other."""
    pks = [person.pk for person in people]
    locked = {
        user.pk: user
        for user in User.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk")
    }
    return [locked[pk] for pk in pks]
