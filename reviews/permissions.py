"""*Who* may read what was judged, and who may do what in a review. Each check raises NotAllowed."""

from django.db.models import Q
from django.http import Http404

from people.permissions import NotAllowed, allowed
from people.roles import Role, at_least
from progression import judges
from progression.models import Capacity
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


_ONLY_SIDES = "Only the social worker and the manager can add papers to this."


def check_explains(user, application):
    """The manager's side: whoever assessed, manages the team now, took the case over, or stands in. R20.

    Where none of these is left, a senior manager. Nobody who has stepped back or whom a conflict bars, nor
    whoever hears it. Returns whom they stand in for, or None.
    """
    if can_hear_review(user, application):
        raise NotAllowed("You hear this, so you are on neither side.")
    if user.pk != application.assessor_id and not at_least(user.role, Role.TEAM_MANAGER):
        raise NotAllowed(_ONLY_SIDES)
    found = judges.judges_of(application, Capacity.ASSESSOR)
    mine = [judge for judge in found if judge.person.pk == user.pk]
    if free := [judge for judge in mine if judge.is_free]:
        return min(free, key=lambda judge: judge.stands_in_for is not None).stands_in_for
    left_to_seniors = judges.is_stuck(found) and any(
        one.how == "overseer" and one.may_hand_over for one in mine
    )
    if not left_to_seniors and not _assessed_freely(user, application):
        raise NotAllowed(_ONLY_SIDES)
    return None


def _assessed_freely(user, application):
    """Whether they assessed it, whatever team they manage now, and nothing has come between since."""
    return user.pk == application.assessor_id and bool(
        judges.free_among([user.pk], application, Capacity.ASSESSOR)
    )


def check_takes_part(user, application):
    """Only the two sides put papers before a review. R20.

    Returns their Side, and whom they stand in for, or None.
    """
    if user.pk == application.worker_id:
        return Side.WORKER, None
    return Side.MANAGER, check_explains(user, application)


def side_of(user, application):
    """The Side that this person is on in a review, or None."""
    try:
        return check_takes_part(user, application)[0]
    except NotAllowed:
        return None


def check_can_read_papers(user, application):
    """The two sides, whoever hears it, and the auditor, who reads all that is on record. R20.

    One rule for the papers one by one and for the bundle of them. Of those who may see the case.
    """
    if user.role == Role.AUDITOR or can_hear_review(user, application):
        return
    if side_of(user, application) is None:
        raise NotAllowed("Only the two sides, whoever hears it and auditors can read these papers.")


def papers_or_404(user, application):
    """Whoever may not read the papers is not told whether there are any."""
    if not allowed(check_can_read_papers, user, application):
        raise Http404


def check_added(user, document):
    """Only the person who added a document takes it back."""
    if document.added_by_id != user.pk:
        raise NotAllowed("Only the person who added a document can take it back.")


def check_can_send_link(user, application):
    """The worker whose representative it is, or whoever hears the review. R20.

    Returns whom they stand in for, or None.
    """
    if user.pk == application.worker_id:
        return None
    return check_can_hear_review(user, application)


def can_send_link(user, application):
    return allowed(check_can_send_link, user, application)


def check_can_confirm_reversal(user, application, reversal):
    """Somebody else who may decide on the case, so that two people take an authorisation back. R15.

    Whoever stands in for somebody uses that person's right: one right is not used twice. Returns whom this
    person stands in for, or None.
    """
    for_whom = check_can_authorise(user, application)
    asked = {reversal.asked_by_id, reversal.asked_for_id}
    if user.pk in asked:
        raise NotAllowed("You asked for this, so somebody else must confirm it.")
    if for_whom is not None and for_whom.pk in asked:
        raise NotAllowed(f"{for_whom.name} asked for this, so nobody can confirm it in their place.")
    return for_whom
