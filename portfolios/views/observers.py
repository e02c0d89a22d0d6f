"""A worker asks somebody about a piece: the form, the page to check, and what became of it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portfolios import observer_policies as policies
from portfolios import observer_selectors as selectors
from portfolios import observer_transitions as transitions
from portfolios.family_data_selectors import watched_by
from portfolios.kinds import ASKED
from portfolios.models import Relation
from portfolios.observer_forms import AskForm
from portfolios.selectors import own_piece
from portfolios.views import worker_page

asks_and_saves = require_http_methods(["GET", "HEAD", "POST"])


@asks_and_saves
@worker_page
def ask(request, pk):
    """Whom to ask; then a page to check, which sends it."""
    piece = own_piece(request.user, pk)
    if piece is None:
        raise Http404
    policies.check_can_be_asked_about(piece)
    files = list(piece.attachments.all())
    form = AskForm(piece=piece, files=files)
    if request.method == "POST":
        form = AskForm(request.POST, piece=piece, files=files, watched=watched_by(request.user))
    shown = {"form": form, "piece": piece}
    if not form.is_valid() or "change" in request.POST:
        return render(request, "portfolios/observers/ask.html", shown)
    answers = form.cleaned_data
    policies.check_somebody_else(request.user, answers["email"])
    if "send" not in request.POST:
        shown |= {
            "answers": answers,
            "relation": Relation(answers["relation"]).label,
            "texts": [text.label for text in ASKED[piece.kind].texts if text.field in answers["texts"]],
            "files": [file.name for file in files if str(file.token) in answers["files"]],
        }
        return render(request, "portfolios/observers/check.html", shown)
    transitions.ask(piece, actor=request.user, **answers, now=timezone.now())
    messages.success(request, f"You asked {answers['name']}")
    return redirect("portfolios:evidence", pk)


@require_safe
@worker_page
def asked_observers(request):
    """Everybody whom the worker asked, about any piece."""
    page = selectors.asked_by(request.user, page=request.GET.get("page"), now=timezone.now())
    return render(request, "portfolios/observers/all.html", {"page": page})


@require_safe
@worker_page
def asked(request, pk, number):
    """One request: what they may read, where it stands, and what may be done about it."""
    return render(request, "portfolios/observers/asked.html", {"one": _own(request, pk, number)})


@require_POST
@worker_page
def send_again(request, pk, number):
    """A new link to the same person; the one before is dead."""
    one = _own(request, pk, number)
    transitions.send_again(one.request, actor=request.user, now=timezone.now())
    messages.success(request, f"A new link is on its way to {one.request.name}")
    return redirect("portfolios:asked_observer", pk, number)


@asks_and_saves
@worker_page
def take_back(request, pk, number):
    """Ask, then end the link."""
    one = _own(request, pk, number)
    policies.check_not_settled(one.request)
    if request.method == "POST":
        transitions.take_back(one.request, actor=request.user, now=timezone.now())
        messages.success(request, "The link no longer works")
        return redirect("portfolios:evidence", pk)
    return render(request, "portfolios/observers/take_back.html", {"one": one})


@require_POST
@worker_page
def leave_out(request, pk, number):
    """Whether a testimony goes along when the piece is submitted."""
    one = _own(request, pk, number)
    left_out = request.POST.get("left_out") == "yes"
    transitions.leave_out(one.request, actor=request.user, left_out=left_out)
    messages.success(
        request, "It is left out of what you submit" if left_out else "It goes with the evidence"
    )
    return redirect("portfolios:asked_observer", pk, number)


def _own(request, pk, number):
    one = selectors.asked(request.user, pk, number, now=timezone.now())
    if one is None:
        raise Http404
    return one
