"""The directory of teams."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from people import selectors
from people.permissions import allowed, check_can_see_teams

TEAMS_A_PAGE = 50


@require_safe
def teams(request):
    """The teams this manager answers for, each with its workers counted. R39."""
    if not allowed(check_can_see_teams, request.user):
        raise Http404
    page = Paginator(selectors.teams_seen_by(request.user), TEAMS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "people/teams.html", {"page": page})
