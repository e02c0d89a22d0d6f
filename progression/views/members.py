"""One worker: where they are, from when they can apply, and what their manager records of them."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from people.selectors import post_of
from portfolios.sharing_permissions import reads_progress
from portfolios.supervision_permissions import reads_development
from progression import meeting_permissions, meeting_selectors, selectors
from progression.details_forms import DetailsForm, fields_asked
from progression.details_selectors import changes_of
from progression.details_transitions import record_details
from progression.meeting_transitions import rules_of, scheme_of
from progression.permissions import check_can_start
from progression.readiness import readiness


@require_safe
def ready(request):
    """From when the reader can apply, and every gate on the way."""
    check_can_start(request.user)
    request.user.post = post_of(request.user)
    found = readiness(request.user, today=timezone.localdate())
    return render(request, "progression/ready.html", {"worker": request.user, "ready": found})


@require_safe
def team_ready(request, worker):
    """The same of a worker whom the reader manages, or of their service."""
    worker = meeting_permissions.member_or_404(request.user, worker)
    found = readiness(worker, today=timezone.localdate())
    return render(request, "progression/ready.html", {"worker": worker, "ready": found})


@require_safe
def member(request, worker):
    """One worker's page: their post, application, next review, and from when they can apply."""
    worker = meeting_permissions.member_or_404(request.user, worker)
    now = timezone.now()
    today = timezone.localdate(now)
    rules = rules_of(worker, now=now)
    arranges = meeting_permissions.arranges_meetings(request.user, worker)
    shown = {
        "worker": worker,
        "application": next(iter(selectors.applications_of(worker)), None),
        "ready": readiness(worker, today=today),
        "ahead": meeting_selectors.ahead(worker),
        "due": meeting_selectors.next_due(worker, rules, today=today),
        "supervises": reads_development(request.user, worker, today=today),
        "reads_progress": reads_progress(request.user, worker, today=today),
        "arranges": arranges,
        "details_asked": arranges and bool(fields_asked(rules)),
    }
    return render(request, "progression/member.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def details(request, worker):
    """What the manager records of the worker, as far as the gates ask for it, and each change of it."""
    worker = meeting_permissions.member_or_404(
        request.user, worker, meeting_permissions.check_arranges_meetings
    )
    now = timezone.now()
    scheme = scheme_of(worker, now=now)
    form = DetailsForm(
        request.POST or None, post=worker.post, rules=scheme.rules, today=timezone.localdate(now)
    )
    if form.asked and form.is_valid():
        record_details(worker, actor=request.user, details=form.details(), now=now)
        messages.success(request, "Saved")
        return redirect("progression:details", worker.pk)
    shown = {
        "worker": worker,
        "form": form,
        "scheme": scheme,
        "changes": changes_of(worker.post),
    }
    return render(request, "progression/details.html", shown)
