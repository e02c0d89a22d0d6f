"""Who speaks for the worker: naming them, the link to the papers, taking it back. R20."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from progression.access import get_visible_or_404
from progression.permissions import check_is_worker
from reviews import appeal_policies, appeal_selectors, policies, representative_transitions
from reviews.appeal_forms import RepresentativeForm
from reviews.permissions import check_can_send_link
from reviews.representative_mail import send_link

asks_and_saves = require_http_methods(["GET", "HEAD", "POST"])


@asks_and_saves
def representative(request, reference):
    """The worker says who speaks for them."""
    application, page = _under_review(request.user, reference)
    check_is_worker(request.user, application)
    appeal_policies.check_may_be_represented(application)
    form = RepresentativeForm(request.POST or None)
    if form.is_valid():
        representative_transitions.name_representative(
            application, actor=request.user, now=timezone.now(), **form.cleaned_data
        )
        messages.success(request, "Representative saved")
        return redirect("reviews:review", reference)
    return render(
        request,
        "reviews/review/representative.html",
        {"application": application, "form": form, "page": page},
    )


@asks_and_saves
def remove_representative(request, reference):
    """The page to check before the worker has no representative; POST does it."""
    application, page = _under_review(request.user, reference)
    check_is_worker(request.user, application)
    if page.representative is None:
        raise Http404
    if request.method == "POST":
        representative_transitions.remove_representative(application, actor=request.user, now=timezone.now())
        messages.success(request, "Representative removed")
        return redirect("reviews:review", reference)
    shown = {"application": application, "page": page}
    return render(request, "reviews/review/remove_representative.html", shown)


@never_cache
@asks_and_saves
def link(request, reference):
    """A new link for the representative: shown here this once, and sent to them. POST makes it."""
    application, page = _under_review(request.user, reference)
    check_can_send_link(request.user, application)
    if page.representative is None:
        raise Http404
    shown = {"application": application, "page": page, "link": "", "sent": False}
    if request.method == "POST":
        token = representative_transitions.make_link(application, actor=request.user, now=timezone.now())
        shown["link"] = settings.SITE_URL + reverse("papers", args=[token])
        shown["page"] = appeal_selectors.review_page(application, request.user, now=timezone.now())
        shown["sent"] = send_link(shown["page"].representative, shown["link"])
    return render(request, "reviews/review/link.html", shown)


@require_POST
def revoke_link(request, reference):
    """Take the link back."""
    application, page = _under_review(request.user, reference)
    check_can_send_link(request.user, application)
    if page.representative is None:
        raise Http404
    representative_transitions.revoke_link(application, actor=request.user, now=timezone.now())
    messages.success(request, "The link no longer works")
    return redirect("reviews:review", reference)


def _under_review(user, reference):
    application = get_visible_or_404(user, reference)
    policies.check_under_review(application)
    return application, appeal_selectors.review_page(application, user, now=timezone.now())
