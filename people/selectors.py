"""Every read that the people pages need."""

from functools import cache

from django.db.models import BooleanField, Count, F, Func, Q
from django.db.models.expressions import RawSQL
from django.utils import timezone

from people.models import Conflict, Delegation, Post, Service, Team, User
from people.roles import Role, at_least, roles_at_least, roles_up_to
from people.written import Written, given


def post_of(user):
    """The post `user` holds with its team, service and manager, or None. One query."""
    return Post.objects.filter(holder=user).select_related("team__service", "team__manager").first()


def teams_seen_by(user):
    """The teams `user` manages, or those of the services they act for, by name.

    Each has `workers`, how many people it holds who still work here, and `past_most`, whether that is more
    than one manager should have. R39.
    """
    teams = Team.objects.select_related("service", "manager")
    if user.role == Role.TEAM_MANAGER:
        teams = teams.filter(manager=user)
    else:
        teams = teams.filter(service__in=user.services.all())
    return (
        teams.annotate(
            workers=Count("posts", filter=Q(posts__holder__is_active=True)),
        )
        .annotate(past_most=Q(workers__gt=F("most_workers")))
        .order_by("service__council", "service__name", "name")
    )


OF_ONE_COUNCIL = Func(
    F("delegator"), F("delegate"), function="people_of_one_council", output_field=BooleanField()
)
"""Whether both sides of a delegation are of one council still: whoever has moved on stands in no more.

The function is in a migration, since the SQL of who may see and judge a case asks it too.
"""


TEAMS_OVERSEEN = """
    SELECT t.id FROM people_team t JOIN people_service_officers o ON o.service_id = t.service_id
     WHERE o.user_id = %s"""
"""The ids of the teams in the services that somebody acts for, to put inside other SQL.

Joined by Django it is three tables more, in each part of a query that asks it.
"""


def teams_overseen(user):
    """TEAMS_OVERSEEN of `user`, for a filter: `team__in=`."""
    return RawSQL(TEAMS_OVERSEEN, [user.pk])  # noqa: S611


def stands_in(user, somebody, *, today):
    """Whether `user` stands in for `somebody` today, by a delegation that has not been ended. One query.

    Not for a leaver: whoever comes after them arranges it anew.
    """
    return (
        somebody.is_active
        and at_least(user.role, somebody.role)
        and Delegation.objects.filter(
            OF_ONE_COUNCIL,
            delegate=user,
            delegator=somebody,
            ended_at__isnull=True,
            first_day__lte=today,
            last_day__gte=today,
        ).exists()
    )


STOOD_IN_FOR = """
    SELECT p.id FROM people_user p JOIN people_delegation d ON d.delegator_id = p.id
     WHERE p.is_active AND d.delegate_id = %s AND p.role = ANY(%s)
       AND d.ended_at IS NULL AND d.first_day <= %s AND d.last_day >= %s
       AND people_of_one_council(d.delegator_id, d.delegate_id)"""
"""The ids of those for whom somebody stands in today, to put inside other SQL: of now, as is_active."""


def stood_in_for(user):
    """The values of STOOD_IN_FOR for `user`."""
    today = timezone.localdate()
    return [user.pk, list(roles_up_to(user.role)), today, today]


def standing_in_now(user, *, today):
    """The delegations of today and to come that `user` gave or holds, the first first.

    Each has `counts`: not once one of the two has moved to another council, which only who gave it is shown.
    One query, and a light one, where there is none, as mostly; otherwise two.
    """
    ids = [pk for (pk,) in _not_over_of().rows(user=user.pk, today=today)]
    if not ids:
        return []
    found = Delegation.objects.filter(pk__in=ids).order_by("first_day", "id")
    found = found.annotate(counts=OF_ONE_COUNCIL).select_related("delegate", "delegator")
    return [one for one in found if one.counts or one.delegator_id == user.pk]


@cache
def _not_over_of():
    theirs = Delegation.objects.filter(Q(delegate=given("user")) | Q(delegator=given("user")))
    theirs = theirs.filter(ended_at__isnull=True, last_day__gte=given("today")).order_by()
    return Written(theirs.values_list("pk"))


MOST_OVER = 20


def absences_over(user, *, today):
    """The last MOST_OVER delegations of `user` that are over or were ended, the latest first. One query."""
    over = Delegation.objects.filter(Q(last_day__lt=today) | Q(ended_at__isnull=False), delegator=user)
    return list(over.select_related("delegate", "ended_by")[:MOST_OVER])


def clashes_of(delegator, delegate, *, first_day, last_day):
    """Delegations of some of those days: what `delegator` gave or holds, and what `delegate` gave."""
    return list(
        Delegation.objects.filter(
            Q(delegator__in=[delegator, delegate]) | Q(delegate=delegator),
            ended_at__isnull=True,
            first_day__lte=last_day,
            last_day__gte=first_day,
        ).select_related("delegator", "delegate")
    )


def councils_of(user):
    """The councils that this person works for, by post, team or service. One query."""
    services = Service.objects.filter(
        Q(officers=user) | Q(teams__manager=user) | Q(teams__posts__holder=user)
    )
    return set(services.order_by().values_list("council", flat=True))


def of_councils(councils, roles):
    """Everybody still here in one of these roles who manages a team or acts for a service there."""
    return User.objects.filter(
        Q(pk__in=Team.objects.filter(service__council__in=councils).order_by().values("manager"))
        | Q(pk__in=Service.officers.through.objects.filter(service__council__in=councils).values("user")),
        is_active=True,
        role__in=roles,
    ).order_by("name", "id")


def may_stand_in_for(user):
    """Whom `user` may choose to stand in for them: of their council and at least of their rank. R15."""
    if user.role not in roles_at_least(Role.TEAM_MANAGER):
        return User.objects.none()
    return of_councils(councils_of(user), roles_at_least(user.role)).exclude(pk=user.pk)


def tied(person, other):
    """Whether `person` may not judge `other`: a conflict is declared between them, or `other` manages them.

    Two queries at most.
    """
    declared = Conflict.objects.filter(
        Q(person=person, other=other) | Q(person=other, other=person), ended_at__isnull=True
    )
    return declared.exists() or Post.objects.filter(holder=person, team__manager=other).exists()


def conflicts_declared_with(user):
    """The conflicts in force that `user` is one side of, the latest first. One query."""
    return list(
        Conflict.objects.filter(Q(person=user) | Q(other=user), ended_at__isnull=True).select_related(
            "person", "other"
        )
    )


def colleague_with(user, email):
    """Somebody else of the same council who signs in with this e-mail address, or None."""
    found = User.objects.filter(email=email.strip().lower(), is_active=True).exclude(pk=user.pk).first()
    return found if found and councils_of(user) & councils_of(found) else None
