"""The evidence bank: the list, one piece to read, its files, its removal."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from portfolios import attachments, selectors, transitions
from portfolios.forms import RemoveForm
from portfolios.views import worker_page

SHOWS = (("", "all"), ("examples", "finished"), ("drafts", "drafts"), ("unused", "not used yet"))


@require_safe
@worker_page
def bank(request):
    """Everything the worker has written, latest change first."""
    current = selectors.open_portfolio(request.user)
    shows = [(code, words) for code, words in SHOWS if current or code != "unused"]
    only = request.GET.get("only", "")
    only = only if only in dict(shows) else ""
    page = selectors.bank(request.user, current, page=request.GET.get("page"), only=only)
    return render(
        request, "portfolios/bank.html", {"page": page, "only": only, "shows": shows, "portfolio": current}
    )


@require_safe
@worker_page
def evidence(request, pk):
    """One piece, in full."""
    piece = _own(request, pk)
    current = selectors.open_portfolio(request.user)
    return render(
        request,
        "portfolios/evidence.html",
        {
            "piece": piece,
            "portfolio": current,
            "competencies": selectors.headings_of(piece, current),
            "missing": selectors.missing_from(piece),
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
    return attachments.serve_attachment(found)


def _own(request, pk):
    piece = selectors.own_piece(request.user, pk)
    if piece is None:
        raise Http404
    return piece
