"""The portfolio: what is asked, heading by heading, and what the worker has for it so far."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from portfolios import bank_selectors, policies, portfolio_transitions, selectors, transitions
from portfolios import self_assessment_selectors as self_assessment
from portfolios import supervision_selectors as development
from portfolios.forms import DesirablesForm, FromBankForm
from portfolios.views import worker_page


@require_safe
@worker_page
def portfolio(request):
    """The task list of the worker's open portfolio, or of their latest."""
    current = selectors.current_portfolio(request.user)
    if current is None:
        return render(request, "portfolios/no_portfolio.html")
    page = selectors.portfolio_page(current) | {
        "checklist": development.checklist_of(current),
        "offered": bank_selectors.offered_count(current) if current.is_open else 0,
    }
    if current.is_open:
        page["self_assessed"] = self_assessment.how_much(request.user, page["step"])
    return render(request, "portfolios/portfolio.html", page)


@require_safe
@worker_page
def heading(request, code):
    """One heading: what is asked, and the worker's examples."""
    current = selectors.current_portfolio(request.user)
    asked = _asked(current, code)
    checklist = development.checklist_of(current)
    page = selectors.heading_page(current, asked, page=request.GET.get("page")) | {
        "asked_before": checklist.under(code) if checklist else [],
        "offers": development.offered_for(request.user, code) if current.is_open else [],
    }
    if current.is_open:
        page["self_assessed"] = self_assessment.how_much_of(request.user, asked)
    return render(request, "portfolios/heading.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@worker_page
def use_from_bank(request, code):
    """Choose pieces of the bank that count for a heading too."""
    current = selectors.current_portfolio(request.user)
    asked = _asked(current, code)
    policies.check_open(current)
    page = request.GET.get("page")
    page = bank_selectors.not_counted_for(request.user, current, asked.competency, page=page)
    form = FromBankForm(_sent(request), pieces=page.object_list)
    if form.is_valid():
        used = transitions.claim_from_bank(
            current,
            worker=request.user,
            wanted={asked.competency: form.cleaned_data["pieces"]},
            now=timezone.now(),
        )
        messages.success(request, f"Added {len(used)} from your evidence")
        return redirect("portfolios:heading", code)
    return render(
        request,
        "portfolios/use_from_bank.html",
        {"form": form, "page": page, "competency": asked.competency},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@worker_page
def desirables(request):
    """Say which of the scheme's desirable things the worker has. R6."""
    current = selectors.current_portfolio(request.user)
    asked = selectors.desirables_asked(current) if current else []
    if not asked:
        raise Http404
    policies.check_open(current)
    form = DesirablesForm(_sent(request), desirables=asked, initial={"held": current.desirables})
    if form.is_valid():
        portfolio_transitions.declare_desirables(
            current, worker=request.user, codes=form.cleaned_data["held"]
        )
        messages.success(request, "Saved")
        return redirect("portfolios:portfolio")
    return render(request, "portfolios/desirables.html", {"form": form})


def _sent(request):
    return request.POST if request.method == "POST" else None


def _asked(current, code):
    asked = selectors.heading_asked(current, code) if current else None
    if asked is None:
        raise Http404
    return asked
