"""The one door to a case: who may know that it exists. Everybody else is told that there is no such page.

A case is seen by its worker; by the manager of its team; by the senior managers and auditors of its service;
by whoever stands in for one of them today; and by whoever has acted on it or been handed it, through a grant
that outlives a move to another team. Payroll sees forms, the principal social worker figures, and
administrators people: none of them a case, unless it is their own.
"""

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from guardian.shortcuts import assign_perm, remove_perm

from people.models import Team
from people.permissions import NotAllowed, allowed
from people.roles import LINE_OF_MANAGEMENT, Role, at_least
from people.selectors import stood_in_for_by
from progression.models import Application, ApplicationGrant, Recusal
from progression.permissions import SEE_WHOLE_SERVICE

SEE_OTHERS_CASES = (*LINE_OF_MANAGEMENT, Role.AUDITOR)
VIEW = "progression.view_application"
WHOLE_CASE = (
    "worker__post",
    "team__service",
    "team__manager",
    "scheme",
    "step__from_level",
    "step__to_level",
    "portfolio",
)
"""What pages and guards ask of a case, read with it in one query."""


def _ways(user):
    """The conditions on an application, any of which lets `user` see it."""
    ways = [Q(worker=user)]
    if user.role in SEE_OTHERS_CASES:
        ways.append(Q(team__in=Team.objects.filter(manager=user).order_by().values("pk")))
        granted = ApplicationGrant.objects.filter(user=user, permission__codename="view_application")
        ways.append(Q(pk__in=granted.values("content_object")))
    if user.role in SEE_WHOLE_SERVICE:
        ways.append(Q(team__in=Team.objects.filter(service__officers=user).order_by().values("pk")))
    if at_least(user.role, Role.TEAM_MANAGER):
        away = stood_in_for_by(user)
        for theirs in (
            Team.objects.filter(manager__in=away),
            Team.objects.filter(service__officers__in=away.filter(role__in=SEE_WHOLE_SERVICE)),
        ):
            ways.append(Q(team__in=theirs.order_by().values("pk")))
        handed = Recusal.objects.filter(handed_to__in=away).order_by()
        ways.append(Q(pk__in=handed.values("application")))
    return ways


def _any_way(user):
    first, *rest = _ways(user)
    for way in rest:
        first |= way
    return first


def visible_to(user):
    """The applications that `user` may see: each way through its own index, put together."""
    first, *rest = [Application.objects.filter(way).order_by().values("pk") for way in _ways(user)]
    return Application.objects.filter(pk__in=first.union(*rest) if rest else first)


def check_can_see(user, application):
    """Raise NotAllowed unless `user` may see this case. One query."""
    if not Application.objects.filter(pk=application.pk).filter(_any_way(user)).exists():
        raise NotAllowed("You cannot see this application.")


def can_see(user, application):
    return allowed(check_can_see, user, application)


def get_visible_or_404(user, reference):
    """The application with everything its pages ask, or 404: hidden and unknown look the same. One query."""
    if not reference.isprintable():
        raise Http404
    cases = Application.objects.select_related(*WHOLE_CASE)
    return get_object_or_404(cases.filter(_any_way(user)), reference=reference)


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
