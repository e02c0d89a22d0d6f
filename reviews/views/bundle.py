"""The papers of a hearing as one PDF: for the sides and the hearer, and for a representative by link. R20."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from payroll.policies import check_as_issued
from people import audit
from people.policies import Alarming, Blocked
from progression.access import get_visible_or_404
from reviews import appeal_selectors, bundle_transitions, representative_transitions
from reviews.permissions import papers_or_404
from reviews.representative_transitions import NoSuchLink


@require_safe
def bundle(request, reference):
    """The newest bundle that is made, to keep or to print."""
    application = get_visible_or_404(request.user, reference)
    papers_or_404(request.user, application)
    appeal = appeal_selectors.appeal_of(application)
    made = appeal and bundle_transitions.newest_made(appeal)
    if made is None:
        raise Http404
    audit.note_read(made, about=[application.worker_id], applications=[application.pk])
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
        if request.method != "POST":
            holder = representative_transitions.holder_of(token, now=now)
            ready = bundle_transitions.newest_made(holder.appeal) is not None
            return _sealed(
                render(request, "reviews/review/papers.html", {"ready": ready, "appeal": holder.appeal})
            )
        made, reference = representative_transitions.use_link(token, now=now)
    except Alarming:
        raise
    except (NoSuchLink, Blocked):
        return _sealed(render(request, "reviews/review/link_ended.html", status=404))
    if made is None:
        return _sealed(render(request, "reviews/review/papers.html", {"ready": False}))
    return _sealed(_pdf(made, reference))


def _pdf(made, reference):
    name, content = f"hearing-bundle-{reference}-{made.number}.pdf", bytes(made.content)
    check_as_issued(name, content, made.sha256)
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
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
