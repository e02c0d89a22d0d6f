"""The papers of a hearing as one PDF: for the sides and the hearer, and for a representative by link. R20."""

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from redis.exceptions import RedisError

from people.policies import Blocked
from progression.access import get_visible_or_404
from reviews import appeal_selectors, bundle_transitions, representative_transitions
from reviews.permissions import check_can_read_bundle
from reviews.representative_transitions import NoSuchLink

MOST_TRIES = 30
TRIES_FORGOTTEN_AFTER = 10 * 60
"""Seconds."""


@require_safe
def bundle(request, reference):
    """The newest bundle that is made, to keep or to print."""
    application = get_visible_or_404(request.user, reference)
    check_can_read_bundle(request.user, application)
    appeal = appeal_selectors.appeal_of(application)
    made = appeal and bundle_transitions.newest_made(appeal)
    if made is None:
        raise Http404
    return _pdf(made, application.reference)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def papers(request, token):
    """A representative's way in, without an account. GET says what there is and uses nothing: programs that
    look through mail follow links. POST uses the link, once, and gives the PDF.

    Whatever is wrong with a link, the answer is the same.
    """
    now = timezone.now()
    try:
        _check_tries(request)
        if request.method != "POST":
            holder = representative_transitions.holder_of(token, now=now)
            ready = bundle_transitions.newest_made(holder.appeal) is not None
            return _sealed(
                render(request, "reviews/review/papers.html", {"ready": ready, "appeal": holder.appeal})
            )
        made, reference = representative_transitions.use_link(token, now=now)
    except (NoSuchLink, Blocked):
        _count_try(request)
        return _sealed(render(request, "errors/404.html", status=404))
    if made is None:
        return _sealed(render(request, "reviews/review/papers.html", {"ready": False}))
    return _sealed(_pdf(made, reference))


def _check_tries(request):
    """Raise NoSuchLink, as for any wrong link, from an address that has just tried many wrong ones."""
    try:
        tries = cache.get(_tries_of(request), 0)
    except RedisError:
        return
    if tries >= MOST_TRIES:
        raise NoSuchLink


def _count_try(request):
    key = _tries_of(request)
    try:
        cache.add(key, 0, TRIES_FORGOTTEN_AFTER)
        cache.incr(key)
    except (RedisError, ValueError):
        return  # without Redis, or forgotten in this very moment: a link of 256 bits is guessed by nobody


def _tries_of(request):
    return f"papers-tried:{get_adapter().get_client_ip(request)}"


def _pdf(made, reference):
    return HttpResponse(
        bytes(made.content),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="hearing-bundle-{reference}-{made.number}.pdf"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


def _sealed(response):
    """Nothing of an address that opens papers goes to another site, nor stays in a browser."""
    # Not "no-referrer": the page's own button would then be refused, its Origin being null.
    response["Referrer-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
