"""The one door to a case: who may know that it exists. Everybody else is told that there is no such page.

A case is seen by its worker; by the manager of its team; by the senior managers and auditors of its service;
by whoever stands in for one of them today; and by whoever has acted on it or been handed it, through a grant
that outlives a move to another team. Payroll sees forms, the principal social worker figures, and
administrators people: none of them a case, unless it is their own.
"""

from django.db.models import BooleanField
from django.db.models.expressions import RawSQL
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from guardian.shortcuts import assign_perm, remove_perm

from competencies.selectors import put_at_hand
from people import audit
from people.permissions import NotAllowed, allowed
from people.roles import LINE_OF_MANAGEMENT, Role, at_least, roles_up_to
from progression import judges
from progression.models import Application
from progression.permissions import SEE_WHOLE_SERVICE

SEE_OTHERS_CASES = (*LINE_OF_MANAGEMENT, Role.AUDITOR)
VIEW = "progression.view_application"
WHOLE_CASE = (
    "worker__post",
    "team__service",
    "team__manager",
    "portfolio",
)
"""What pages and guards ask of a case beside its step, read with it in one query."""


def _asking(user):
    """What the functions of migration 0009 are told of whoever asks: their post's reach, and the day."""
    up_to = roles_up_to(user.role) if at_least(user.role, Role.TEAM_MANAGER) else ()
    return [
        user.pk,
        user.role in SEE_OTHERS_CASES,
        user.role in SEE_WHOLE_SERVICE,
        [str(role) for role in SEE_WHOLE_SERVICE],
        [str(role) for role in up_to],
        timezone.localdate(),
    ]


def sees(user, case):
    """The condition that `user` may see the case whose id is this SQL, and its values."""
    return f"progression_sees(%s, %s, %s, %s::text[], %s::text[], %s, {case})", _asking(user)


def _seen_by(user):
    return RawSQL(*sees(user, "progression_application.id"), output_field=BooleanField())  # noqa: S611


def visible_to(user):
    """The applications that `user` may see: each way through its own index, put together."""
    sql = "SELECT progression_visible(%s, %s, %s, %s::text[], %s::text[], %s)"
    return Application.objects.filter(pk__in=RawSQL(sql, _asking(user)))  # noqa: S611


def check_can_see(user, application):
    """Raise NotAllowed unless `user` may see this case. One query."""
    if not Application.objects.filter(_seen_by(user), pk=application.pk).exists():
        raise NotAllowed("You cannot see this application.")


def can_see(user, application):
    return allowed(check_can_see, user, application)


def get_visible_or_404(user, reference):
    """The application with everything its pages ask, or 404: hidden and unknown look the same.

    One query, and another's case is noted as read with one more.
    """
    if not reference.isprintable():
        raise Http404
    cases = Application.objects.select_related(*WHOLE_CASE)
    application = get_object_or_404(cases.filter(_seen_by(user)), reference=reference)
    if application.worker_id != user.pk:
        audit.note_read(application, about=[application.worker_id], applications=[application.pk])
    judges.ask_once(application)
    put_at_hand([application])
    return application


def grant(application, to):
    """Let a person see this one case wherever they go in the line of management."""
    assign_perm(VIEW, to, application)


def revoke(application, of):
    """Take a grant back. What they see by their post they still see."""
    remove_perm(VIEW, of, application)


def keep_sight(application, *, of):
    """Grant the case to somebody who acts on it in the line of management; its worker needs none. R9, R15."""
    if of.pk != application.worker_id and of.role in LINE_OF_MANAGEMENT:
        grant(application, of)
