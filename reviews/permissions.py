"""*Who* may read what was judged, and who may do what in a review. Each check raises NotAllowed."""

from django.db.models import Q

from people.permissions import NotAllowed, allowed
from progression.permissions import (
    can_hear_review,
    check_can_authorise,
    check_can_hear_review,
    check_can_read_findings,
)
from reviews.models import Side


def can_read_findings(user, application):
    return allowed(check_can_read_findings, user, application)


def decided(user, application):
    """Whether this person made the decision that the review is about: no independent hearer. R32."""
    return application.authorisations.filter(Q(decided_by=user) | Q(on_behalf_of=user)).exists()


def side_of(user, application):
    """The Side that this person is on in a review, or None: the worker, or the manager who explains. R20.

    Whoever assessed explains it, and whoever manages the team now: the assessor may have gone.
    """
    if user.pk == application.worker_id:
        return Side.WORKER
    if user.pk in (application.assessor_id, application.team.manager_id):
        return Side.MANAGER
    return None


def check_takes_part(user, application):
    """Only the two sides put papers before a review. Returns the person's Side. R20."""
    side = side_of(user, application)
    if side is None:
        raise NotAllowed("Only the social worker and the manager can add papers to this.")
    return side


def check_added(user, document):
    """Only the person who added a document takes it back."""
    if document.added_by_id != user.pk:
        raise NotAllowed("Only the person who added a document can take it back.")


def check_can_send_link(user, application):
    """The worker whose representative it is, or whoever hears the review. R20."""
    if user.pk != application.worker_id:
        check_can_hear_review(user, application)


def can_send_link(user, application):
    return allowed(check_can_send_link, user, application)


def check_can_read_bundle(user, application):
    """The two sides and whoever hears it. R20."""
    if side_of(user, application) is None and not can_hear_review(user, application):
        raise NotAllowed("Only the social worker, the manager and whoever hears it can open these papers.")


def can_read_bundle(user, application):
    return allowed(check_can_read_bundle, user, application)


def check_can_confirm_reversal(user, application, reversal):
    """Somebody else who may decide on the case, so that two people take an authorisation back. R15.

    Whoever stands in for somebody uses that person's right: one right is not used twice. Returns whom this
    person stands in for, or None.
    """
    for_whom = check_can_authorise(user, application)
    asked = {reversal.asked_by_id}
    asked.update(
        application.events.filter(
            actor=reversal.asked_by_id, at=reversal.asked_at, on_behalf_of__isnull=False
        ).values_list("on_behalf_of", flat=True)
    )
    if user.pk in asked:
        raise NotAllowed("You asked for this, so somebody else must confirm it.")
    if for_whom is not None and for_whom.pk in asked:
        raise NotAllowed(f"{for_whom.name} asked for this, so nobody can confirm it in their place.")
    return for_whom
