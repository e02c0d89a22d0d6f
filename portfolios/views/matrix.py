"""The bank against what is asked: the whole matrix, one heading of it, and what one piece shows."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from portfolios import bank_selectors, bank_transitions, matrix_selectors, policies, selectors
from portfolios.bank_forms import CarryOverForm, FillForm, ShowsForm
from portfolios.views import gathered_for, worker_page


@require_safe
@worker_page
def matrix(request):
    """Every heading and criterion, and how much of the worker's bank speaks to it."""
    portfolio, asked = _asked(request)
    found = matrix_selectors.matrix(request.user, asked, portfolio) if asked else None
    step = asked and asked.step
    return render(
        request, "portfolios/bank/matrix.html", {"matrix": found, "portfolio": portfolio, "step": step}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@worker_page
def heading(request, code):
    """One heading, criterion by criterion: what speaks to each, and what might."""
    portfolio, asked = _asked(request)
    row = matrix_selectors.one_heading(request.user, asked, code) if asked else None
    if row is None:
        raise Http404
    form = FillForm(request.POST if request.method == "POST" else None, row=row)
    if form.is_valid():
        used = bank_transitions.fill_gaps(
            worker=request.user,
            portfolio=portfolio,
            asked=asked,
            competency=matrix_selectors.heading_of(asked, code),
            pairs=form.pairs,
            now=timezone.now(),
        )
        messages.success(request, f"Added {len(used)} of your evidence")
        return redirect("portfolios:matrix_heading", code)
    shown = {"row": row, "form": form, "portfolio": portfolio, "step": asked.step}
    return render(request, "portfolios/bank/heading.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@worker_page
def shows(request, pk):
    """Which criteria and which items of the lists one piece speaks to."""
    piece = selectors.own_piece(request.user, pk)
    portfolio, asked = _asked(request)
    if piece is None or asked is None:
        raise Http404
    competencies = selectors.headings_of(piece, portfolio, asked)
    shown = matrix_selectors.shown_by(piece, asked, competencies)
    form = ShowsForm(request.POST if request.method == "POST" else None, shown=shown)
    if form.is_valid():
        bank_transitions.say_what_it_shows(
            piece, worker=request.user, asked=asked, criteria=form.criteria, items=form.items
        )
        messages.success(request, "Saved")
        return redirect("portfolios:evidence", pk)
    return render(request, "portfolios/bank/shows.html", {"form": form, "piece": piece, "shown": shown})


@require_http_methods(["GET", "HEAD", "POST"])
@worker_page
def carry_over(request):
    """Choose what of the evidence marked before counts in the application that has begun."""
    portfolio = selectors.current_portfolio(request.user)
    if portfolio is None:
        raise Http404
    policies.check_open(portfolio)
    offers = bank_selectors.offers(portfolio)
    if not offers.headings:
        return render(request, "portfolios/bank/carry_over.html", {"offers": offers})
    form = CarryOverForm(request.POST if request.method == "POST" else None, offers=offers)
    if form.is_valid():
        used = bank_transitions.carry_over(
            portfolio,
            worker=request.user,
            competencies=[
                one.competency
                for one in offers.headings
                if one.competency.code in form.cleaned_data["headings"]
            ],
            which=form.cleaned_data["which"],
            now=timezone.now(),
        )
        messages.success(request, f"Used {len(used)} of your evidence")
        return redirect("portfolios:portfolio")
    return render(request, "portfolios/bank/carry_over.html", {"form": form, "offers": offers})


def _asked(request):
    """The open portfolio, or None, and what evidence is gathered for, as competencies' Asked, or None."""
    portfolio, aim = gathered_for(request)
    return portfolio, policies.asked(portfolio) if portfolio else aim
