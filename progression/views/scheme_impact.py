"""Schemes and the applications under them: what a draft would have touched, publishing it, first months."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from competencies import permissions, policies, selectors, transitions
from competencies.contents import checked
from competencies.differences import differences
from competencies.forms import PublishForm
from competencies.views.draft import asks_and_saves, kept, read
from progression import scheme_impact

A_PAGE = 50


@require_safe
@read
def impact(request, draft):
    """Which open applications the draft's changes would have touched, counted by team, step and state."""
    found = differences(draft.based_on.content.file, draft.file)
    touched = scheme_impact.touched(request.user, draft, found)
    context = {
        "draft": draft,
        "scheme": draft.based_on,
        "touched": touched,
        "page": Paginator(touched.lines, A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "progression/scheme_impact.html", context)


@asks_and_saves
@kept
def publish(request, draft):
    """Everything to check, the start date, and the button. R24."""
    today = timezone.localdate()
    newest = selectors.versions(draft.code)[0]
    earliest = policies.first_day_for(newest, today=today)
    found = differences(draft.based_on.content.file, draft.file)
    missing = policies.why_not_publishable(draft, newest) + [said for _, said in checked(draft.file)[1]]
    form = PublishForm(request.POST or None, revision=draft.revision, earliest=earliest)
    status = 200
    if not missing and form.is_valid():
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
                "What is below is how it stands now: check it again",
            )
            status = 409
        else:
            messages.success(request, f"Version {scheme.version} published")
            return redirect("competencies:scheme", draft.code)
    context = {
        "draft": draft,
        "scheme": draft.based_on,
        "next": newest.version + 1,
        "missing": missing,
        "form": form,
        "differences": found,
        "touched": scheme_impact.touched(request.user, draft, found),
    }
    return render(request, "progression/publish_scheme.html", context, status=status)


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
