"""The authoriser's decision, and the page on which everybody who may reads what was decided."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from progression.access import get_visible_or_404
from progression.permissions import check_can_authorise
from progression.policies import challenge
from progression.selectors import letters_for
from progression.states import State
from reviews import policies, transitions
from reviews.appeal_selectors import late_request_of
from reviews.decision_forms import DecisionForm, RefusalForm
from reviews.decision_selectors import decision_file, outcome_of
from reviews.family_words import look_through, reasons_in, reasons_kept
from reviews.models import Part
from reviews.permissions import can_read_findings

MOVES = {
    "authorise": transitions.authorise,
    "decline": transitions.decline,
    "refuse": transitions.confirm_refusal,
}
DONE = {
    "authorise": "Progression authorised",
    "decline": "Progression declined",
    "refuse": "Outcome confirmed",
}


@require_http_methods(["GET", "HEAD", "POST"])
def authorisation(request, reference):
    """What is to be decided, the decision, and the page to check before signing it. R15, R18."""
    application = get_visible_or_404(request.user, reference)
    stood_in_for = check_can_authorise(request.user, application)
    policies.check_waits_for_decision(application)
    today = timezone.localdate()
    file = decision_file(application, today=today)
    form = look_through(_form(request, application, file), application, part=Part.DECISION, by=request.user)
    if form.confirmed:
        decision, now = form.cleaned_data["decision"], timezone.now()
        with reasons_kept(form, application, part=Part.DECISION, by=request.user, now=now):
            MOVES[decision](application, actor=request.user, now=now, **form.answers(today=today))
        messages.success(request, DONE[decision])
        return redirect("reviews:outcome", reference)
    shown = {
        "application": application,
        "file": file,
        "form": form,
        "challenge": challenge(application),
        "stands_in_for": stood_in_for,
        "reasons_words_stay": reasons_in(application, Part.ASSESSMENT),
    }
    if not form.to_check:
        return render(request, "reviews/authorisation/decide.html", shown)
    return render(request, "reviews/authorisation/check.html", shown)


@require_safe
def outcome(request, reference):
    """What was decided, why, what is required, the pay, and how to ask for a review. R18, R19."""
    application = get_visible_or_404(request.user, reference)
    decided = outcome_of(application, today=timezone.localdate())
    if decided is None:
        raise Http404
    shown = {
        "application": application,
        "outcome": decided,
        "challenge": challenge(application),
        "is_worker": application.worker_id == request.user.pk,
        "reads_findings": can_read_findings(request.user, application),
        "late": late_request_of(application),
        "letters": letters_for(request.user, application),
        "reasons_words_stay": reasons_in(application, Part.DECISION),
    }
    return render(request, "reviews/authorisation/outcome.html", shown)


def _form(request, application, file):
    """Confirming, where the manager did not recommend; deciding, where they did."""
    about = policies.pay_rests_on(application)
    if application.state == State.NOT_RECOMMENDED:
        return RefusalForm(
            request.POST or None, application=application, assessment=file.assessment, about=about
        )
    return DecisionForm(
        request.POST or None,
        application=application,
        blocks=file.pay.blocks,
        about=about,
    )
