"""*Who* arranges a worker's meetings and keeps what their gates ask. Raises NotAllowed with the sentence."""

from django.http import Http404
from django.utils.timezone import localdate

from people import audit
from people import selectors as people
from people.models import User
from people.permissions import NotAllowed, allowed
from people.roles import Role, at_least
from progression import judges
from progression.models import Application, Capacity
from progression.permissions import check_can_assess
from progression.states import OPEN

_ONLY = "Only the manager of this team can do that."


def check_arranges_meetings(user, worker):
    """Whoever assesses the worker's open application, manages their team, or stands in for one of them. R25.

    Not the worker, nor a manager who has stepped back from that application or may not judge them: then it
    is whoever took it over and, where nobody has, a senior manager of the service. What is recorded here
    opens applications and dates their pay. R31, R35. Returns whom this person stands in for, or None.
    """
    if worker.pk == user.pk:
        raise NotAllowed("You cannot arrange your own review: your manager does.")
    manager = worker.post.team.manager
    if manager.pk != user.pk and not at_least(user.role, Role.TEAM_MANAGER):
        raise NotAllowed(_ONLY)
    going_on = _open_application(worker)
    if going_on is not None:
        try:
            return check_can_assess(user, going_on)
        except NotAllowed:
            pass  # A worker who has moved since has another manager now.
    if _manages(user, worker):
        principal = None if manager.pk == user.pk else manager
        if any(_is_barred(one, worker, going_on) for one in (user, manager)):
            raise NotAllowed("Somebody else does that, since one of you may not judge this social worker.")
        return principal
    if not _steps_in(user, worker, going_on):
        raise NotAllowed(_ONLY)
    return None


def arranges_meetings(user, worker):
    return allowed(check_arranges_meetings, user, worker)


def who_hosts(meeting):
    """With whom the worker meets: the team's manager or, where they are barred, whoever has it instead."""
    worker, manager = meeting.worker, meeting.team.manager
    going_on = _open_application(worker)
    if not _is_barred(manager, worker, going_on):
        return manager
    asked = judges.who_is_asked(judges.judges_of(going_on, Capacity.ASSESSOR)) if going_on else []
    return asked[0] if asked else meeting.arranged_by


def check_reads_gates(user, worker):
    """The worker, whoever manages or assesses them, and the senior managers of their service.

    A formal process is among the gates: nobody else is told of it.
    """
    if user.pk == worker.pk or _manages(user, worker) or arranges_meetings(user, worker):
        return
    if not _is_senior_there(user, worker):
        raise NotAllowed("You cannot see this worker.")


def member_or_404(user, pk, check=check_reads_gates):
    """The social worker in post with this key, noted as read, for whoever passes `check`; else a 404."""
    if pk > 2**31:
        raise Http404
    posts = User.objects.select_related("post__team__manager", "post__team__service")
    worker = posts.filter(pk=pk, role=Role.SOCIAL_WORKER, is_active=True, post__isnull=False).first()
    if worker is None or worker.pk == user.pk or not allowed(check, user, worker):
        raise Http404
    audit.note_read(worker, about=[worker.pk])
    return worker


def _open_application(worker):
    going_on = Application.objects.filter(worker=worker, state__in=OPEN)
    return going_on.select_related("team__manager", "scheme").first()


def _manages(user, worker):
    """Whether this person manages the worker's team, or stands in for whoever does."""
    manager = worker.post.team.manager
    return manager.pk == user.pk or (
        at_least(user.role, Role.TEAM_MANAGER) and people.stands_in(user, manager, today=localdate())
    )


def _is_barred(person, worker, going_on):
    """Whether `person` has stepped back from assessing the open application, or may not judge its worker."""
    stepped_back = going_on is not None and going_on.recusals.filter(
        capacity=Capacity.ASSESSOR, person=person
    )
    return bool(stepped_back and stepped_back.exists()) or people.tied(person, worker)


def _steps_in(user, worker, going_on):
    """Whether a senior manager does it, since the manager is barred and nobody has taken it over."""
    if not _is_senior_there(user, worker) or people.tied(user, worker):
        return False
    if not _is_barred(worker.post.team.manager, worker, going_on):
        return False
    return going_on is None or judges.is_stuck(judges.judges_of(going_on, Capacity.ASSESSOR))


def _is_senior_there(user, worker):
    senior = at_least(user.role, Role.SERVICE_MANAGER)
    return senior and user.services.filter(pk=worker.post.team.service_id).exists()
