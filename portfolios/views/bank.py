"""The evidence bank: the list, one piece to read, its files, its removal."""

from dataclasses import replace

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from competencies.rules import EvidenceKind
from portfolios import attachments, bank_selectors, policies, selectors, transitions
from portfolios import observer_policies as observers
from portfolios import observer_selectors as observed
from portfolios import sharing_selectors as sharing
from portfolios.bank_forms import BankForm
from portfolios.bank_selectors import Wanted
from portfolios.family_data_selectors import look_through
from portfolios.forms import RemoveForm
from portfolios.kinds import ASKED
from portfolios.views import gathered_for, searching, worker_page


@require_safe
@worker_page
def bank(request):
    """The worker's evidence, or as much of it as the address and the words searched for ask."""
    words = searching.words_of(request)
    if words is None:
        messages.info(request, "Your search words are no longer kept. Search again")
        return redirect(searching.address(searching.wanted_in(request.GET)))
    return _show_bank(request, searching.wanted_in(request.GET, words=words))


@require_POST
@worker_page
def search(request):
    """Keep the words searched for in the session, and everything else in the address. ADR 0024."""
    portfolio, aim = gathered_for(request)
    form = BankForm(request.POST, asked=_asked(portfolio, aim), opened=True)
    if not form.is_valid():
        return _show_bank(request, Wanted(), form=form)
    return redirect(searching.address(form.wanted, token=searching.keep_words(request, form.wanted.words)))


def _show_bank(request, wanted, form=None):
    portfolio, aim = gathered_for(request)
    if form is None:
        initial = {name: getattr(wanted, name) for name in searching.NAMES}
        narrowed = bool(replace(wanted, words=""))
        form = BankForm(initial=initial, asked=_asked(portfolio, aim), opened=narrowed)
    form.helper.form_action = reverse("portfolios:search")
    page = bank_selectors.bank(request.user, portfolio, aim, wanted, page=request.GET.get("page"))
    return render(
        request,
        "portfolios/bank.html",
        {
            "form": form,
            "page": page,
            "marks": sharing.marks_of(page.object_list),
            "wanted": wanted,
            "query": searching.query(wanted, token=request.GET.get("words", "")),
            "portfolio": portfolio,
            "aim": aim,
        },
    )


def _asked(portfolio, aim):
    return policies.asked(portfolio) if portfolio else aim


@require_safe
@worker_page
def evidence(request, pk):
    """One piece, in full."""
    piece = _own(request, pk)
    portfolio, aim = gathered_for(request)
    return render(
        request,
        "portfolios/evidence.html",
        {
            "piece": piece,
            "portfolio": portfolio,
            "aim": aim,
            "competencies": selectors.headings_of(piece, portfolio, aim),
            "missing": selectors.missing_from(piece),
            "asks": ASKED[EvidenceKind(piece.kind)],
            "used": bank_selectors.used_before([piece]).get(piece.pk, []),
            "looked": look_through(piece),
            "readers": sharing.readers_of(piece),
            "observers": observed.asked_about(piece, now=timezone.now()),
            "may_ask": observers.may_be_asked_about(piece, look_through(piece)),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@worker_page
def remove(request, pk):
    """Ask, then take the piece out of the bank."""
    piece = _own(request, pk)
    if request.method == "POST":
        transitions.remove_evidence(piece, worker=request.user, now=timezone.now())
        messages.success(request, f"Removed “{piece}”")
        return redirect("portfolios:bank")
    return render(request, "portfolios/remove.html", {"form": RemoveForm(), "piece": piece})


@require_safe
@worker_page
def attachment(request, pk, token):
    """A file of the worker's own piece, as a download."""
    found = selectors.own_attachment(request.user, pk, token)
    if found is None:
        raise Http404
    return attachments.serve_attachment(found, about=request.user.pk)


def _own(request, pk):
    piece = selectors.own_piece(request.user, pk)
    if piece is None:
        raise Http404
    return piece
