"""*Who* reads and writes what is said in supervision. R40.

It is between two people: the worker and whoever manages their team today, or stands in for that manager
today. Nobody else reads it: not the seniors of the service, not a manager the worker had before, not the
auditor, since people say what they find hard only where it is not passed on. What the worker wants others to
see, they make evidence of. Whoever assesses an application is shown two things beside it: what the worker's
last refusal asked for, and their training. R5, R18.
"""

from functools import partial

from people import selectors as people
from people.permissions import NotAllowed, allowed
from people.roles import Role


def check_supervises(user, worker, *, today):
    """Whether this person manages the team of `worker`, a social worker in post, or stands in today.

    Returns the manager whom they stand in for, or None. So it stays where somebody else judges the worker's
    application: supervision goes on, and decides on nothing.
    """
    if user.pk == worker.pk or worker.role != Role.SOCIAL_WORKER or not hasattr(worker, "post"):
        raise NotAllowed("Only the manager of a social worker’s team can do that.")
    manager = worker.post.team.manager
    if manager.pk == user.pk:
        return None
    if not people.stands_in(user, manager, today=today):
        raise NotAllowed("Only the manager of this social worker’s team can do that.")
    return manager


def check_is_own(user, worker):
    """Whether it is their own development, as a social worker in post."""
    if user.pk != worker.pk or user.role != Role.SOCIAL_WORKER or not hasattr(user, "post"):
        raise NotAllowed("Only the social worker can do that.")


def check_reads_development(user, worker, *, today):
    """Either of the two: they read all of it, and either may add a note or an action.

    Returns the manager whom they stand in for, or None.
    """
    if user.pk == worker.pk:
        return check_is_own(user, worker)
    return check_supervises(user, worker, today=today)


def reads_development(user, worker, *, today):
    return allowed(partial(check_reads_development, user, worker, today=today))
