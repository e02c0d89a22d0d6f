"""One worker, for whoever manages them: where they are, and from when they can apply."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from people.selectors import post_of
from progression import meeting_permissions, meeting_selectors, selectors
from progression.meeting_transitions import rules_of
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
    shown = {
        "worker": worker,
        "application": selectors.applications_of(worker).first(),
        "ready": readiness(worker, today=today),
        "ahead": meeting_selectors.ahead(worker),
        "due": meeting_selectors.next_due(worker, rules_of(worker, now=now), today=today),
        "arranges": meeting_permissions.arranges_meetings(request.user, worker),
    }
    return render(request, "progression/member.html", shown)
