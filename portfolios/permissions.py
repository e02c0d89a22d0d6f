"""*Who* may: evidence, attachments and portfolios are their worker's alone."""

from people.permissions import NotAllowed, allowed
from people.roles import Role


def check_keeps_evidence(user):
    """Whether this person has an evidence bank and a portfolio: a social worker in post."""
    if user.role != Role.SOCIAL_WORKER or not hasattr(user, "post"):
        raise NotAllowed("Only a social worker in post has an evidence bank.")


def check_is_own(user, thing):
    """Whether the Evidence or Portfolio `thing` is this worker's own."""
    if thing.worker_id != user.pk:
        raise NotAllowed("This belongs to somebody else.")


def keeps_evidence(user):
    return allowed(check_keeps_evidence, user)
