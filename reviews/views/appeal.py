"""Asking for a refusal to be looked at again, and deciding on it."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from progression.access import get_visible_or_404
from progression.permissions import check_can_hear_review, check_is_worker
from progression.policies import challenge, working_days_allowed
from progression.selectors import open_deadline
from reviews import appeal_transitions, policies
from reviews.decision_forms import AskForm, ReviewForm
from reviews.decision_selectors import appeal_of, decision_file, effect_on_pay, outcome_of
from reviews.permissions import decided

MOVES = {"uphold": appeal_transitions.uphold, "dismiss": appeal_transitions.dismiss}


@require_http_methods(["GET", "HEAD", "POST"])
def ask_for_review(request, reference):
    """The worker's request, in writing, while there is time. R19, R32."""
    application = get_visible_or_404(request.user, reference)
    check_is_worker(request.user, application)
    today = timezone.localdate()
    policies.check_may_ask(application, today=today)
    form = AskForm(request.POST or None)
    if form.signing:
        appeal_transitions.lodge_review(
            application,
            actor=request.user,
            grounds=form.cleaned_data["grounds"],
            now=timezone.now(),
            today=today,
        )
        messages.success(request, f"You have asked for {challenge(application)}")
        return redirect("reviews:outcome", reference)
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


@require_http_methods(["GET", "HEAD", "POST"])
def decide_review(request, reference):
    """What the worker asks and why it was refused, the decision, and the page to check. R20, R21, R32."""
    application = get_visible_or_404(request.user, reference)
    stood_in_for = check_can_hear_review(request.user, application)
    policies.check_under_review(application)
    today = timezone.localdate()
    file = decision_file(application, today=today)
    form = ReviewForm(
        request.POST or None,
        application=application,
        blocks=file.pay.blocks if file.pay else [],
        today=today,
        about=policies.pay_rests_on(application),
    )
    if form.signing:
        move = MOVES[form.cleaned_data["decision"]]
        move(application, actor=request.user, now=timezone.now(), **form.answers(today=today))
        messages.success(request, f"{application.scheme.rules.appeal.name} decided")
        return redirect("reviews:outcome", reference)
    shown = {
        "application": application,
        "file": file,
        "form": form,
        "appeal": appeal_of(application),
        "outcome": outcome_of(application, today=today),
        "deadline": open_deadline(application),
        "challenge": challenge(application),
        "not_independent": decided(request.user, application),
        "stands_in_for": stood_in_for,
    }
    if not form.to_check:
        return render(request, "reviews/appeal/decide.html", shown)
    held_on = form.cleaned_data.get("held_on")
    shown["pay"] = effect_on_pay(application, held_on=held_on, today=today)
    return render(request, "reviews/appeal/check.html", shown)
