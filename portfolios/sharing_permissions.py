"""*Who* reads how a worker gets on, and the pieces that they share, before submission.

It is supervision, and narrower: whoever manages the worker's team today, or stands in for that manager today,
unless a conflict of interest is declared between the two. How a worker gets on is counted and dated; what a
piece says, and what it is called, is only for those with whom its worker shares it.
"""

from functools import partial

from people import selectors as people
from people.permissions import NotAllowed, allowed
from portfolios.models import Sharing
from portfolios.supervision_permissions import check_is_own, check_supervises


def check_reads_progress(user, worker, *, today):
    """Whether this person supervises the worker today, and no conflict is declared between them.

    Returns the manager whom they stand in for, or None.
    """
    principal = check_supervises(user, worker, today=today)
    if people.tied(user, worker):
        raise NotAllowed("A conflict of interest is declared between you and this social worker.")
    return principal


def reads_progress(user, worker, *, today):
    return allowed(partial(check_reads_progress, user, worker, today=today))


def check_reads_shared(user, piece, *, today):
    """The same, and the worker of this piece shares it with the manager of their team as it is today."""
    principal = check_reads_progress(user, piece.worker, today=today)
    with_manager = Sharing.objects.filter(
        evidence=piece, shared_with=piece.worker.post.team.manager_id, ended_at=None
    )
    if piece.removed_at is not None or not with_manager.exists():
        raise NotAllowed("This piece of evidence is not shared with you.")
    return principal


def reads_shared(user, piece, *, today):
    return allowed(partial(check_reads_shared, user, piece, today=today))


def check_comments(user, piece, *, today):
    """The worker on their own piece, or whoever they share it with: as check_reads_shared."""
    if user.pk == piece.worker_id:
        return check_is_own(user, piece.worker)
    return check_reads_shared(user, piece, today=today)


def check_can_share(worker):
    """Whether there is a manager to share with: not where a conflict of interest is declared between them."""
    manager = worker.post.team.manager
    if manager.pk == worker.pk:
        raise NotAllowed("You manage your own team: there is nobody to share with.")
    if people.tied(manager, worker):
        raise NotAllowed(
            f"A conflict of interest is declared between you and {manager.name}, so nothing can be shared."
        )
