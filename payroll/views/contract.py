"""The worker's page of the change to their contract, and the two that answer it. R23, R30."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from payroll import policies, selectors, variation_transitions
from payroll.forms import DeclineForm
from progression.access import get_visible_or_404
from progression.permissions import check_is_worker


@require_safe
def contract(request, reference):
    """The letter, and the two answers while there is none yet."""
    application, variation = _variation_or_404(request, reference)
    return render(request, "payroll/contract.html", {"application": application, "variation": variation})


@require_http_methods(["GET", "HEAD", "POST"])
def accept(request, reference):
    """The page to check before accepting; POST accepts."""
    application, variation = _variation_or_404(request, reference)
    if request.method == "POST":
        variation_transitions.accept_contract(application, actor=request.user, now=timezone.now())
        messages.success(request, "You have accepted your new contract")
        return redirect("progression:case", reference)
    policies.check_awaits_answer(variation)
    return render(request, "payroll/accept_contract.html", {"variation": variation})


@require_http_methods(["GET", "HEAD", "POST"])
def decline(request, reference):
    """What declining does, and why they decline; POST declines."""
    application, variation = _variation_or_404(request, reference)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        variation_transitions.decline_contract(
            application, actor=request.user, reason=form.cleaned_data["reason"], now=timezone.now()
        )
        messages.success(request, "You have declined the new contract")
        return redirect("progression:case", reference)
    policies.check_awaits_answer(variation)
    return render(
        request,
        "payroll/decline_contract.html",
        {"form": form, "application": application, "variation": variation},
    )


def _variation_or_404(request, reference):
    """The case and what its worker is offered, or has answered last."""
    application = get_visible_or_404(request.user, reference)
    check_is_worker(request.user, application)
    variation = selectors.variation_of(application)
    if variation is None:
        raise Http404
    return application, variation
