"""Lists of workers and applications, and the figures."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from people import searching
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


@require_http_methods(["GET", "HEAD", "POST"])
def workers(request):
    """The workers of the reader's services, fifty a page. A search is sent by POST: see ADR 0024."""
    permissions.check_reads_workers(request.user)
    return _searched(request, "progression/workers.html", registers.workers)


@require_http_methods(["GET", "HEAD", "POST"])
def applications(request):
    """The applications that the reader may see, fifty a page. A search is sent by POST: see ADR 0024."""
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


SESSION_KEY = "list_words"


def _searched(request, template, read):
    state = (request.POST or request.GET).get("state", "")
    if state not in (*STAGES, registers.NO_APPLICATION):
        state = ""
    if request.method == "POST":
        token = searching.keep_words(request, _typed(request.POST.get("search", "")), key=SESSION_KEY)
        return redirect(request.path + _query(words=token, state=state))
    search = searching.words_of(request, key=SESSION_KEY)
    if search is None:
        messages.info(request, "Your search words are no longer kept. Search again")
        return redirect(request.path + _query(state=state))
    page = read(request.user, page=request.GET.get("page"), search=search, state=state)
    shown = {
        "page": page,
        "kept": _query(words=request.GET.get("words"), state=state).removeprefix("?"),
        "states": [(state.value, stage.staff_see) for state, stage in STAGES.items()],
        "search": search,
        "state": state,
    }
    return render(request, template, shown)


def _query(**asked):
    said = urlencode({name: value for name, value in asked.items() if value})
    return f"?{said}" if said else ""
