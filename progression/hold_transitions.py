"""Placing a legal hold, and ending it."""

from django.db import transaction

from people.policies import Blocked
from progression.hold_permissions import check_can_hold
from progression.models import LegalHold


@transaction.atomic
def place_hold(person, *, actor, reason, application=None, now):
    """Keep everything about `person` until the hold is ended. Raises NotAllowed; Blocked if one stands."""
    check_can_hold(actor, person)
    there = LegalHold.objects.select_for_update(no_key=True).filter(
        person=person, application=application, ended_at=None
    )
    if there.exists():
        raise Blocked("A legal hold on this stands already.")
    return LegalHold.objects.create(
        person=person, application=application, reason=reason, placed_at=now, placed_by=actor
    )


@transaction.atomic
def end_hold(hold, *, actor, now):
    """From now on what is due may be erased. Raises NotAllowed; Blocked if it has ended already."""
    hold = (
        LegalHold.objects.select_for_update(no_key=True, of=("self",))
        .select_related("person")
        .get(pk=hold.pk)
    )
    check_can_hold(actor, hold.person)
    if hold.ended_at is not None:
        raise Blocked("This hold has ended already.")
    hold.ended_at, hold.ended_by = now, actor
    hold.save(update_fields=["ended_at", "ended_by"])
    return hold
