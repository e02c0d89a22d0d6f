"""Lists of workers and applications, and the figures."""

from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from progression import permissions, registers
from progression.states import STAGES
from progression.team_selectors import members_of


@require_safe
def team(request):
    """The manager's own workers."""
    members = members_of(request.user, today=timezone.localdate())
    if not members:  # whoever has members has a team
        permissions.check_manages_team(request.user)
    lines = [member.line for member in members]
    return render(
        request,
        "progression/team.html",
        {
            "members": members,
            "teams": {line.team for line in lines},
            "counted": registers.counted_by_state(lines),
        },
    )


@require_safe
def workers(request):
    """The workers of the reader's services, fifty a page."""
    permissions.check_reads_workers(request.user)
    return _searched(request, "progression/workers.html", registers.workers)


@require_safe
def applications(request):
    """The applications that the reader may see, fifty a page."""
    permissions.check_reads_workers(request.user)
    return _searched(request, "progression/applications.html", registers.applications)


@require_safe
def figures(request):
    """How many applications are where, and for how long: no names."""
    permissions.check_reads_figures(request.user)
    return render(
        request, "progression/figures.html", {"services": registers.figures(request.user, now=timezone.now())}
    )


def _typed(text):
    """What can be typed in a search box: PostgreSQL takes no NUL."""
    return "".join(character for character in text if character.isprintable()).strip()[:100]


def _searched(request, template, read):
    asked = {name: _typed(request.GET.get(name, "")) for name in ("search", "state")}
    if asked["state"] not in (*STAGES, registers.NO_APPLICATION):
        asked["state"] = ""
    page = read(request.user, page=request.GET.get("page"), **asked)
    kept = urlencode({name: value for name, value in asked.items() if value})
    states = [(state.value, stage.staff_see) for state, stage in STAGES.items()]
    return render(request, template, {"page": page, "kept": kept, "states": states, **asked})
