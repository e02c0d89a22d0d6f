"""What the worker does with their own application: start it, hand it in, withdraw it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from competencies.selectors import desirables_for
from portfolios.family_data_selectors import watched_by
from portfolios.policies import examples_by_heading
from portfolios.self_assessment_selectors import how_much_is, said_on
from portfolios.supervision_selectors import checklist_of
from progression import access, permissions, policies, selectors, standing, transitions
from progression.forms import SubmitForm, WithdrawForm


@require_http_methods(["GET", "HEAD", "POST"])
def start_application(request):
    """What applying means, and the button that starts it."""
    permissions.check_can_start(request.user)
    today = timezone.localdate()
    if request.method == "POST":
        transitions.start(worker=request.user, today=today, now=timezone.now())
        messages.success(request, "Your application is started")
        return redirect("portfolios:portfolio")
    beginning = selectors.beginning(request.user, today=today)
    return render(request, "progression/start_application.html", {"beginning": beginning})


@require_safe
def submit_own(request):
    """To the page for handing in the application that the worker is building."""
    application = selectors.being_built(request.user)
    if application is None:
        raise Http404
    return redirect("progression:submit", application.reference)


@require_http_methods(["GET", "HEAD", "POST"])
def submit(request, reference):
    """The checklist, and the statement that goes with handing in."""
    application = access.get_visible_or_404(request.user, reference)
    permissions.check_is_worker(request.user, application)
    policies.check_being_built(application)
    today = timezone.localdate()
    manager = _manager_now(application)
    form = SubmitForm(
        request.POST if request.method == "POST" else None,
        manager=manager,
        desirables=desirables_for(application.step),
        initial={"desirables": application.portfolio.desirables},
    )
    if form.is_valid():
        transitions.submit(
            application,
            actor=request.user,
            worked_through_with_manager=form.cleaned_data["worked_through"],
            desirables=form.cleaned_data.get("desirables", ()),
            now=timezone.now(),
            today=today,
        )
        return redirect("progression:submitted", reference)
    counts = examples_by_heading(application.portfolio)
    said = said_on(request.user, application.step)
    return render(
        request,
        "progression/submit.html",
        {
            "form": form,
            "application": application,
            "manager": manager,
            "missing": policies.missing_before_submission(application, counts, said, today=today),
            "warnings": policies.warnings_before_submission(application, counts, today=today),
            "checklist": checklist_of(application.portfolio),
            "self_assessed": how_much_is(said, application.step),
        },
    )


def _manager_now(application):
    """Who manages the worker's team today, which mostly is the team in which they applied."""
    post = application.worker.post
    return (application.team if application.team_id == post.team_id else post.team).manager


@require_safe
def submitted(request, reference):
    """It is handed in: what happens next, and by when."""
    application = access.get_visible_or_404(request.user, reference)
    permissions.check_is_worker(request.user, application)
    if not selectors.submission_times(application):
        raise Http404
    today = timezone.localdate()
    return render(
        request,
        "progression/submitted.html",
        {
            "application": application,
            "standing": standing.standing_of(application, request.user, today=today),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request, reference):
    """Ask once more, then end the application."""
    application = access.get_visible_or_404(request.user, reference)
    permissions.check_is_worker(request.user, application)
    policies.check_withdrawable(application)
    form = WithdrawForm()
    if request.method == "POST":
        form = WithdrawForm(request.POST, watched=watched_by(request.user))
    if form.is_valid():
        transitions.withdraw(
            application, actor=request.user, reason=form.cleaned_data["reason"], now=timezone.now()
        )
        messages.success(request, "You have withdrawn your application")
        return redirect("progression:case", reference)
    return render(request, "progression/withdraw.html", {"form": form, "application": application})
