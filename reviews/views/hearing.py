"""Arranging the hearing of a review, and moving it. R20, R21."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from progression.access import get_visible_or_404
from progression.permissions import check_can_hear_review
from reviews import appeal_policies, appeal_selectors, hearing_transitions, policies
from reviews.appeal_forms import HearingForm


@require_http_methods(["GET", "HEAD", "POST"])
def hearing(request, reference):
    """When, where and who; the page to check; and again, with a reason, to move it."""
    application = get_visible_or_404(request.user, reference)
    check_can_hear_review(request.user, application)
    policies.check_under_review(application)
    appeal_policies.check_has_hearing(application)
    now, today = timezone.now(), timezone.localdate()
    page = appeal_selectors.review_page(application, request.user, now=now)
    latest = appeal_policies.last_day_for_hearing(last_day_to_decide=page.last_day, today=today)
    form = HearingForm(
        request.POST or None,
        about=str(page.hearing.sequence) if page.hearing else "",
        hearing=page.hearing,
        attendees=_usual(application, page, request.user),
        today=today,
        blocks=lambda starts_at: appeal_policies.blocks_on_hearing(
            application, starts_at, last_day_to_decide=page.last_day, now=now
        ),
    )
    if form.confirmed:
        hearing_transitions.arrange_hearing(application, actor=request.user, now=now, **form.answers())
        messages.success(request, "Hearing moved" if page.hearing else "Hearing arranged")
        return redirect("reviews:review", reference)
    shown = {"application": application, "form": form, "page": page, "latest": latest}
    shown["explains"] = appeal_selectors.who_explains(application)
    name = "check_hearing" if form.to_check else "hearing"
    return render(request, f"reviews/review/{name}.html", shown)


def _usual(application, page, hearer):
    """Who attends a hearing, to start from: (name, part)."""
    people = [(hearer.name, "hears it"), (application.worker.name, "social worker")]
    if page.representative:
        people.append((page.representative.name, "represents the social worker"))
    return [*people, (appeal_selectors.who_explains(application).name, "manager")]
