"""An observer's pages: by a link, without an account. GET uses nothing, since programs that look through mail
follow links; the link is used by the one POST that sends the answer.

Whatever is wrong with a link, the answer is the same. Wrong ones are counted by address, and past a number
they are told to come back later. The right link is asked for first, so nobody shuts an observer out.
"""

from contextlib import suppress
from datetime import date
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from people import audit
from portfolios import observer_policies as policies
from portfolios import observer_selectors as selectors
from portfolios import observer_transitions as transitions
from portfolios.attachments import serve_attachment
from portfolios.family_data_forms import WhyWordsStay
from portfolios.observer_forms import TestimonyForm
from portfolios.observer_transitions import NoSuchLink

MOST_WRONG = 60
WITHIN = 10 * 60
"""Seconds, for that many wrong links of one address."""
KEPT_FIELDS = ("words", "role", "organisation")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def testimony(request, token):
    """Who asks, for what, until when; the observer's answer; the page to check it; and sending it, once."""
    try:
        link = transitions.holder_of(token, now=timezone.now())
        respond = _send if request.method == "POST" else _page
        response = respond(request, token, link)
    except NoSuchLink:
        response = _ended(request, token)
    return sealed(response)


@login_not_required
@require_safe
def file(request, token, file):
    """A file that the worker lets the observer open, as a download."""
    try:
        link = transitions.holder_of(token, now=timezone.now())
    except NoSuchLink:
        return sealed(_ended(request, token))
    found = selectors.file_shown(link, file)
    if found is None:
        raise Http404
    return sealed(serve_attachment(found, about=link.request.evidence.worker_id))


@login_not_required
@require_safe
def thank_you(request):
    """After it is sent."""
    return sealed(render(request, "portfolios/observers/thank_you.html"))


def _page(request, token, link):
    audit.note_read(link.request, about=[link.request.evidence.worker_id], words="by its link")
    return _show(request, token, link, TestimonyForm(name=link.request.name))


def _send(request, token, link):
    piece = link.request.evidence
    policies.check_answered_by_another(request.user, piece)
    watched = selectors.watched_in_testimony(piece.worker)
    form = TestimonyForm(request.POST, watched=watched)
    if not form.is_valid():
        return _show(request, token, link, form)
    why = WhyWordsStay(form, watched)
    passages, reasons = selectors.passages_of(piece, form.written, watched), why.reasons
    if any(passage.digest not in reasons for passage in passages):
        why.ask(passages, refusing=True)
        return _show(request, token, link, form)
    if "change" in request.POST:
        why.ask(passages)
        return _show(request, token, link, form)
    stays = [
        {"where": passage.where, "kind": passage.kind, "reason": reasons[passage.digest]}
        for passage in passages
    ]
    if "send" not in request.POST:
        shown = {"link": link, "form": form, "answers": form.cleaned_data, "stays": stays}
        return render(request, "portfolios/observers/check_testimony.html", shown)
    transitions.answer(token, **form.cleaned_data, stays=stays, now=timezone.now())
    return redirect("testimony_sent")


def _show(request, token, link, form):
    day = link.request.shown["practised_on"]
    shown = {"link": link, "token": token, "form": form, "practised_on": day and date.fromisoformat(day)}
    return render(request, "portfolios/observers/testimony.html", shown)


def _ended(request, token):
    """The one answer to every link that opens nothing; what somebody wrote there is given back to them."""
    with suppress(ValueError):
        if request.method == "POST" and transitions.answered_before(token, UUID(request.POST.get("key", ""))):
            return redirect("testimony_sent")
    wrong = f"observer-wrong:{request.META['REMOTE_ADDR']}"
    count = cache.get(wrong, 0) + 1
    cache.set(wrong, count, WITHIN)
    written = [text for name in KEPT_FIELDS if (text := request.POST.get(name, "").strip())]
    status = 404 if count <= MOST_WRONG else 429
    return render(request, "portfolios/observers/link_ended.html", {"written": written}, status=status)


def sealed(response):
    """Nothing of an address that takes an answer goes to another site, nor stays in a browser."""
    # Not "no-referrer": the page's own button would then be refused, its Origin being null.
    response["Referrer-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
