"""*Who* arranges a worker's meetings and keeps what their gates ask. Raises NotAllowed with the sentence."""

from django.http import Http404
from django.utils.timezone import localdate

from people import selectors as people
from people.models import User
from people.permissions import NotAllowed, allowed
from people.roles import Role, at_least
from progression.models import Application
from progression.permissions import can_assess
from progression.states import OPEN


def check_arranges_meetings(user, worker):
    """The manager of the worker's team, who stands in for them, or who assesses their open application. R25.

    Never the worker. Returns the manager whom this person stands in for, or None.
    """
    manager = worker.post.team.manager
    if worker.pk == user.pk:
        raise NotAllowed("You cannot arrange your own review: your manager does.")
    if manager.pk == user.pk:
        return None
    if at_least(user.role, Role.TEAM_MANAGER):
        if people.stands_in(user, manager, today=localdate()):
            return manager
        going_on = Application.objects.filter(worker=worker, state__in=OPEN)
        going_on = going_on.select_related("team", "scheme").first()
        if going_on is not None and can_assess(user, going_on):
            return None
    raise NotAllowed("Only the manager of this team can do that.")


def arranges_meetings(user, worker):
    return allowed(check_arranges_meetings, user, worker)


def check_reads_gates(user, worker):
    """The worker, whoever manages them, and the senior managers of their service.

    A formal process is among the gates: nobody else is told of it.
    """
    if user.pk == worker.pk or arranges_meetings(user, worker):
        return
    senior = at_least(user.role, Role.SERVICE_MANAGER)
    if not senior or not user.services.filter(pk=worker.post.team.service_id).exists():
        raise NotAllowed("You cannot see this worker.")


def member_or_404(user, pk, check=check_reads_gates):
    """The social worker in post with this key, for whoever passes `check`; for others no such page."""
    if pk > 2**31:
        raise Http404
    posts = User.objects.select_related("post__team__manager", "post__team__service")
    worker = posts.filter(pk=pk, role=Role.SOCIAL_WORKER, is_active=True, post__isnull=False).first()
    if worker is None or worker.pk == user.pk or not allowed(check, user, worker):
        raise Http404
    return worker
