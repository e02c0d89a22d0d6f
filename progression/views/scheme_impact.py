"""Schemes and the applications under them: what a draft would have touched, publishing it, first months."""

from collections import Counter

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from competencies import permissions, policies, selectors, transitions
from competencies.differences import differences
from competencies.forms import PublishForm
from competencies.missing import missing_in
from competencies.views.draft import asks_and_saves, kept_or_over, read
from progression import scheme_impact


@require_safe
@read
def impact(request, draft):
    """Which open applications the draft's changes would have touched, and by what."""
    found = differences(draft.based_on.content.file, draft.file)
    touched = scheme_impact.touched(request.user, draft, found)
    page = scheme_impact.page_of(request.user, draft, found, touched, request.GET.get("page"))
    context = {"draft": draft, "scheme": draft.based_on, "touched": touched, "page": page}
    return render(request, "progression/scheme_impact.html", context)


@asks_and_saves
@kept_or_over
def publish(request, draft):
    """When it begins; then everything to check, and the button. Sent twice, it is published once. R24."""
    today = timezone.localdate()
    newest = selectors.versions(draft.code)[0]
    earliest = policies.first_day_for(newest, today=today)
    form = PublishForm(request.POST or None, revision=draft.revision, earliest=earliest)
    status = 200
    if form.confirmed:
        try:
            scheme = transitions.publish_draft(
                draft,
                effective_from=form.cleaned_data["effective_from"],
                actor=request.user,
                base_revision=form.cleaned_data["revision"],
                now=timezone.now(),
                today=today,
            )
        except transitions.StaleSave as stale:
            form.data = form.data.copy()
            form.data["revision"] = stale.draft.revision
            form.add_error(
                None,
                f"{stale.draft.saved_by.name} has changed the draft since you opened this page. "
                "Look at the differences again before you go on",
            )
            status = 409
        else:
            messages.success(request, f"Version {scheme.version} published")
            return redirect("competencies:scheme", draft.code)
    policies.check_draft_open(draft)
    found = differences(draft.based_on.content.file, draft.file)
    context = {
        "draft": draft,
        "scheme": draft.based_on,
        "next": newest.version + 1,
        "blocks": policies.why_not_publishable(draft, newest),
        "missing": missing_in(draft),
        "form": form,
        "differences": found,
        "areas": Counter(one.area for one in found),
        "touched": scheme_impact.touched(request.user, draft, found),
    }
    whole = not context["blocks"] and not context["missing"]
    page = "check_publishing" if whole and form.to_check else "publish_scheme"
    return render(request, f"progression/{page}.html", context, status=status)


@require_safe
def first_months(request, code):
    """The figures that the review of a scheme asks for. R24."""
    if not permissions.can_read_drafts(request.user, code):
        raise Http404
    versions = selectors.versions(code)
    review = selectors.review_due(versions)
    if review is None:
        raise Http404
    context = {
        "scheme": versions[0],
        "review": review,
        "figures": scheme_impact.first_months(request.user, code, review),
    }
    return render(request, "progression/first_months.html", context)
