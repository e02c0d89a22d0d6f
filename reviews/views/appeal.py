"""Asking for a refusal to be looked at again, in time or late, and deciding on it."""

from functools import partial

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from progression.access import get_visible_or_404
from progression.permissions import check_can_hear_review, check_is_worker
from progression.policies import challenge, working_days_allowed
from progression.selectors import open_deadline
from reviews import appeal_policies, appeal_selectors, appeal_transitions, policies
from reviews.appeal_forms import AskForm, LateAnswerForm, LateAskForm
from reviews.decision_forms import ReviewForm
from reviews.decision_selectors import decision_file, outcome_of
from reviews.family_words import look_through, reasons_in, reasons_kept
from reviews.models import Part
from reviews.permissions import decided

MOVES = {"uphold": appeal_transitions.uphold, "dismiss": appeal_transitions.dismiss}
asks_and_saves = require_http_methods(["GET", "HEAD", "POST"])


@asks_and_saves
def ask_for_review(request, reference):
    """The worker's request, in writing, while there is time; after that, the way to ask late. R19, R32."""
    application = get_visible_or_404(request.user, reference)
    check_is_worker(request.user, application)
    today = timezone.localdate()
    if appeal_policies.missed_last_day(application, today=today):
        return redirect("reviews:ask_late", reference)
    policies.check_may_ask(application, today=today)
    form = look_through(AskForm(request.POST or None), application, **_by(request))
    if form.confirmed:
        with reasons_kept(form, application, **_by(request), now=timezone.now()):
            appeal_transitions.lodge_review(
                application,
                actor=request.user,
                grounds=form.cleaned_data["grounds"],
                now=timezone.now(),
                today=today,
            )
        messages.success(request, f"You have asked for {challenge(application)}")
        return redirect("reviews:review", reference)
    shown = {
        "application": application,
        "form": form,
        "challenge": challenge(application),
        "deadline": open_deadline(application),
        "working_days": working_days_allowed(application),
        "outcome": outcome_of(application, today=today),
    }
    page = "check_asking" if form.to_check else "ask"
    return render(request, f"reviews/appeal/{page}.html", shown)


@asks_and_saves
def ask_late(request, reference):
    """How late it is, and the request all the same, with why. R19."""
    application = get_visible_or_404(request.user, reference)
    check_is_worker(request.user, application)
    today = timezone.localdate()
    appeal_policies.check_may_ask_late(application, today=today)
    last_day = appeal_policies.missed_last_day(application, today=today)
    form = look_through(LateAskForm(request.POST or None), application, **_by(request))
    if form.confirmed:
        with reasons_kept(form, application, **_by(request), now=timezone.now()):
            appeal_transitions.ask_late(
                application,
                actor=request.user,
                grounds=form.cleaned_data["grounds"],
                why_late=form.cleaned_data["why_late"],
                now=timezone.now(),
                today=today,
            )
        messages.success(request, "Your late request is sent")
        return redirect("reviews:outcome", reference)
    shown = {
        "application": application,
        "form": form,
        "challenge": challenge(application),
        "last_day": last_day,
        "days_late": (today - last_day).days,
    }
    page = "check_asking_late" if form.to_check else "ask_late"
    return render(request, f"reviews/appeal/{page}.html", shown)


@asks_and_saves
def late_request(request, reference):
    """A request that came late, and whether it is heard, with the reason. R19."""
    application = get_visible_or_404(request.user, reference)
    check_can_hear_review(request.user, application)
    asked = appeal_selectors.late_request_of(application)
    appeal_policies.check_unanswered(asked, application)
    today = timezone.localdate()
    form = LateAnswerForm(request.POST or None, application=application)
    look_through(form, application, **_by(request))
    if form.confirmed:
        reason, now = form.cleaned_data["reason"], timezone.now()
        accepted = form.cleaned_data["accepted"] == "yes"
        answer = appeal_transitions.refuse_late_request
        if accepted:
            answer = partial(appeal_transitions.accept_late_request, today=today)
        with reasons_kept(form, application, **_by(request), now=now):
            answer(application, actor=request.user, reason=reason, now=now)
        messages.success(request, f"Late request {'accepted' if accepted else 'refused'}")
        return redirect("reviews:review" if accepted else "reviews:outcome", reference)
    shown = {
        "application": application,
        "form": form,
        "asked": asked,
        "challenge": challenge(application),
        "last_day": appeal_policies.missed_last_day(application, today=today),
        "outcome": outcome_of(application, today=today),
        "not_independent": decided(request.user, application),
    }
    page = "check_late_request" if form.to_check else "late_request"
    return render(request, f"reviews/appeal/{page}.html", shown)


@asks_and_saves
def decide_review(request, reference):
    """What the worker asks and why it was refused, the decision, and the page to check. R20, R21, R32."""
    application = get_visible_or_404(request.user, reference)
    stood_in_for = check_can_hear_review(request.user, application)
    policies.check_under_review(application)
    today, now = timezone.localdate(), timezone.now()
    page = appeal_selectors.review_page(application, request.user, now=now)
    appeal_policies.check_heard(application, page.hearing, now=now)
    file = decision_file(application, today=today)
    form = ReviewForm(
        request.POST or None,
        application=application,
        blocks=file.pay.blocks,
        about=policies.pay_rests_on(application),
    )
    look_through(form, application, **_by(request))
    if form.confirmed:
        move = MOVES[form.cleaned_data["decision"]]
        with reasons_kept(form, application, **_by(request), now=now):
            move(application, actor=request.user, now=now, **form.answers(today=today))
        messages.success(request, f"{application.scheme.rules.appeal.name} decided")
        return redirect("reviews:outcome", reference)
    shown = {
        "application": application,
        "file": file,
        "form": form,
        "page": page,
        "appeal": page.appeal,
        "outcome": outcome_of(application, today=today),
        "challenge": challenge(application),
        "not_independent": decided(request.user, application),
        "stands_in_for": stood_in_for,
        "reasons_words_stay": reasons_in(application, *Part),
    }
    name = "check" if form.to_check else "decide"
    return render(request, f"reviews/appeal/{name}.html", shown)


def _by(request):
    return {"part": Part.REVIEW, "by": request.user}
