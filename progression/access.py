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
from guardian.shortcuts import assign_perm, remove_perm

from people.permissions import NotAllowed, allowed
from people.roles import LINE_OF_MANAGEMENT, Role, at_least
from people.selectors import STOOD_IN_FOR, stood_in_for
from progression.models import Application
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


# Each a condition on the application `{a}`. Written out: every page of a case asks them, and building them
# takes Django longer than PostgreSQL needs to answer.
OWN = "{a}.worker_id = %s"
MANAGED = "{a}.team_id IN (SELECT id FROM people_team WHERE manager_id = %s)"
GRANTED = """{a}.id IN (
    SELECT g.content_object_id FROM progression_applicationgrant g
      JOIN auth_permission p ON p.id = g.permission_id
     WHERE g.user_id = %s AND p.codename = 'view_application')"""
OF_SERVICE = """{a}.team_id IN (
    SELECT t.id FROM people_team t JOIN people_service_officers o ON o.service_id = t.service_id
     WHERE o.user_id = %s)"""
MANAGED_BY_AWAY = f"{{a}}.team_id IN (SELECT id FROM people_team WHERE manager_id IN ({STOOD_IN_FOR}))"  # noqa: S608
OF_SERVICE_OF_AWAY = f"""{{a}}.team_id IN (
    SELECT t.id FROM people_team t JOIN people_service_officers o ON o.service_id = t.service_id
      JOIN people_user u ON u.id = o.user_id
     WHERE u.role = ANY(%s) AND u.id IN ({STOOD_IN_FOR}))"""  # noqa: S608
HANDED_TO_AWAY = f"""{{a}}.id IN (
    SELECT application_id FROM progression_recusal WHERE handed_to_id IN ({STOOD_IN_FOR}))"""  # noqa: S608


def _ways(user):
    """The conditions on an application, any of which lets `user` see it, each with its values."""
    ways = [(OWN, [user.pk])]
    if user.role in SEE_OTHERS_CASES:
        ways += [(MANAGED, [user.pk]), (GRANTED, [user.pk])]
    if user.role in SEE_WHOLE_SERVICE:
        ways.append((OF_SERVICE, [user.pk]))
    if at_least(user.role, Role.TEAM_MANAGER):
        away = stood_in_for(user)
        ways += [
            (MANAGED_BY_AWAY, away),
            (OF_SERVICE_OF_AWAY, [list(SEE_WHOLE_SERVICE), *away]),
            (HANDED_TO_AWAY, away),
        ]
    return ways


def _any_way(user):
    """The ways as one condition, for a query that begins at the applications."""
    ways = _ways(user)
    sql = " OR ".join(way for way, _ in ways).replace("{a}", "progression_application")
    return RawSQL(sql, [value for _, values in ways for value in values], BooleanField())  # noqa: S611


def visible_to(user):
    """The applications that `user` may see: each way through its own index, put together."""
    ways = _ways(user)
    each = [f"SELECT a.id FROM progression_application a WHERE {way}" for way, _ in ways]  # noqa: S608
    sql = " UNION ".join(each).replace("{a}", "a")
    values = [value for _, values in ways for value in values]
    return Application.objects.filter(pk__in=RawSQL(sql, values))  # noqa: S611


def check_can_see(user, application):
    """Raise NotAllowed unless `user` may see this case. One query."""
    if not Application.objects.filter(_any_way(user), pk=application.pk).exists():
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
