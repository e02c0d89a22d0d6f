"""Taking an authorisation back: one person asks, another confirms it or lets it stand. R15."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from progression.access import get_visible_or_404
from progression.permissions import check_can_authorise
from reviews import reversal_policies, reversal_transitions
from reviews.appeal_forms import ReasonForm, ReversalAnswerForm
from reviews.decision_selectors import outcome_of
from reviews.family_words import look_through, reasons_kept
from reviews.models import Part
from reviews.permissions import check_can_confirm_reversal


@require_http_methods(["GET", "HEAD", "POST"])
def reverse(request, reference):
    """The first person's request, or the second person's answer to it, each with a page to check."""
    application = get_visible_or_404(request.user, reference)
    check_can_authorise(request.user, application)
    reversal_policies.check_reversible(application)
    waiting = reversal_transitions.waiting_reversal(application)
    if waiting is None:
        return _ask(request, application)
    if waiting.asked_by_id == request.user.pk:
        return _page(request, "waiting", application, reversal=waiting)
    return _answer(request, application, waiting)


def _ask(request, application):
    form = ReasonForm(
        request.POST or None,
        label="Why was it an error?",
        help_text="The second person, the social worker, the manager and payroll can read this.",
        demand="Say why it was an error",
    )
    look_through(form, application, **_by(request))
    if form.confirmed:
        with reasons_kept(form, application, **_by(request), now=timezone.now()):
            reversal_transitions.ask_to_reverse(
                application, actor=request.user, reason=form.cleaned_data["reason"], now=timezone.now()
            )
        messages.success(request, "A second person is asked to confirm this")
        return redirect("progression:case", application.reference)
    return _page(request, "check_asking" if form.to_check else "ask", application, form=form)


def _answer(request, application, waiting):
    check_can_confirm_reversal(request.user, application, waiting)
    form = ReversalAnswerForm(request.POST or None, about=str(waiting.pk))
    look_through(form, application, **_by(request))
    if form.confirmed:
        if form.cleaned_data["confirmed"] == "yes":
            reversal_transitions.confirm_reversal(application, actor=request.user, now=timezone.now())
            messages.success(request, "The authorisation is taken back")
        else:
            with reasons_kept(form, application, **_by(request), now=timezone.now()):
                reversal_transitions.refuse_reversal(
                    application, actor=request.user, answer=form.cleaned_data["answer"], now=timezone.now()
                )
            messages.success(request, "The authorisation stands")
        return redirect("progression:case", application.reference)
    page = "check_answer" if form.to_check else "answer"
    return _page(request, page, application, form=form, reversal=waiting)


def _by(request):
    return {"part": Part.DECISION, "by": request.user}


def _page(request, name, application, **shown):
    context = {
        "application": application,
        "outcome": outcome_of(application, today=timezone.localdate()),
        **shown,
    }
    return render(request, f"reviews/reversal/{name}.html", context)
