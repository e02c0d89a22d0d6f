"""Every read that the people pages need."""

from django.db.models import Count, F, Q

from people.models import Post, Team
from people.roles import Role


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
