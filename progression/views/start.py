"""The start page: for each role, what waits for them and where their work is."""

from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from competencies import selectors as competencies
from people import selectors as people
from people.roles import Role
from portfolios import cpd_selectors as cpd
from portfolios.news_selectors import news_of
from portfolios.sharing_selectors import new_for_manager
from portfolios.supervision_selectors import how_much_of_checklist
from progression import actions, diary, lateness, policies, registers, selectors, standing
from progression.also_waiting import also_waiting
from progression.states import BEING_BUILT, DECIDED, REFUSALS


@require_safe
def start(request):
    """Whatever the reader's role needs first."""
    return _PAGES[request.user.role](request)


def _worker(request):
    now, today = timezone.now(), timezone.localdate()
    renewal = cpd.season(today)
    application, *earlier = selectors.applications_of(request.user, news_at=now, cpd_of=renewal) or [None]
    page = {"application": application, "earlier": earlier, "cpd": None}
    if renewal and application:
        page["cpd"] = cpd.standing_of_row(application, renewal)
    elif renewal:
        page["cpd"] = cpd.standing_now(request.user, renewal)
    page["ahead"] = diary.of_worker(request.user, application, today=today)
    page["news"] = application or news_of(request.user, now=now)
    if application:
        page["standing"] = standing.standing_of(application, request.user, today=today)
        page["actions"] = actions.actions_for(request.user, application, today=today)
        page["returned_for"] = selectors.returned_for(application)
        if application.state in BEING_BUILT:
            page["in_the_way"] = policies.gates_in_the_way(application, today=today)
        page["decided"] = application.state in DECIDED
        page["refused"] = application.state in REFUSALS
        if application.portfolio.is_open:
            page["checklist"] = how_much_of_checklist(application.portfolio)
    if not application or not application.is_open:
        page["beginning"] = selectors.beginning(request.user, today=today, known_closed=True)
    return render(request, "progression/start_worker.html", page)


def _manager(request):
    today = timezone.localdate()
    return render(
        request,
        "progression/start_manager.html",
        {
            "away": people.standing_in_now(request.user, today=today),
            "waiting": selectors.waiting_list(request.user, today=today),
            "also": also_waiting(request.user, today=today),
            "workers": registers.team_size(request.user),
            "new_comments": new_for_manager(request.user),
        },
    )


def _senior(request):
    today = timezone.localdate()
    waiting = selectors.waiting_list(request.user, today=today)
    also = also_waiting(request.user, today=today)
    away = people.standing_in_now(request.user, today=today)
    return render(
        request,
        "progression/start_senior.html",
        {"away": away, "waiting": waiting, "also": also, "late": lateness.late_for(request.user)},
    )


def _payroll(request):
    return redirect("payroll:forms")


def _principal(request):
    schemes = competencies.kept_by(request.user)
    return render(
        request, "progression/start_principal.html", {"schemes": schemes, "today": timezone.localdate()}
    )


def _auditor(request):
    services = registers.totals(request.user)
    return render(request, "progression/start_auditor.html", {"services": services})


def _administrator(request):
    return render(request, "progression/start_administrator.html", {"failed": registers.failed_notices()})


_PAGES = {
    Role.SOCIAL_WORKER: _worker,
    Role.TEAM_MANAGER: _manager,
    Role.SERVICE_MANAGER: _senior,
    Role.HEAD_OF_SERVICE: _senior,
    Role.ASSISTANT_DIRECTOR: _senior,
    Role.PAYROLL: _payroll,
    Role.PRINCIPAL_SOCIAL_WORKER: _principal,
    Role.AUDITOR: _auditor,
    Role.ADMINISTRATOR: _administrator,
}
