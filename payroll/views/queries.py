"""Payroll sends a form back, and those who decided put it right. R13."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from payroll import policies, query_transitions, selectors
from payroll.forms import AnswerForm, SendBackForm
from payroll.letters import on_paper
from progression.access import get_visible_or_404
from progression.permissions import check_can_answer_payroll


@require_http_methods(["GET", "HEAD", "POST"])
def send_back(request, reference):
    """Why the form cannot be used; POST sends it back."""
    files = selectors.forms_of_case(request.user, reference)
    if not files:
        raise Http404
    latest = files[0].form
    form = SendBackForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        query_transitions.send_back(
            latest, actor=request.user, reason=form.cleaned_data["reason"], now=timezone.now()
        )
        messages.success(request, "The form has been sent back")
        return redirect("payroll:form", reference)
    policies.check_can_be_sent_back(latest)
    return render(request, "payroll/send_back.html", {"form": form, "pay_form": latest})


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request, reference):
    """What payroll asks, and the post to put right; POST makes the corrected form."""
    application = get_visible_or_404(request.user, reference)
    check_can_answer_payroll(request.user, application)
    query = selectors.open_query(application)
    policies.check_awaits_reply(query)
    query.pay_form.application = application
    form = AnswerForm(
        request.POST if request.method == "POST" else None,
        pay_form=query.pay_form,
        points=application.scheme.rules.level(application.step.from_level.number).spinal_points,
        day=on_paper(query.pay_form.effective_from),
    )
    if form.is_valid():
        query_transitions.answer_query(
            application,
            actor=request.user,
            details=form.details,
            answer=form.cleaned_data["answer"],
            now=timezone.now(),
        )
        messages.success(request, "The corrected form is being made, and goes to payroll")
        return redirect("progression:case", reference)
    return render(
        request, "payroll/answer_query.html", {"form": form, "application": application, "query": query}
    )
