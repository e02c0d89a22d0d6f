"""Editing the parts of a draft: each page saves what it shows, and nothing else."""

import copy

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from competencies import transitions
from competencies.differences import differences
from competencies.forms import ScaleForm, form_for
from competencies.heading_forms import HeadingForm, NewHeadingForm
from competencies.heading_parts import HeadingsOrder, NewHeading, OneHeading, heading, headings
from competencies.parts import PARTS
from competencies.pay_parts import Scale, points_of, scales
from competencies.questions import Rows
from competencies.views.draft import asks_and_saves, kept


@asks_and_saves
@kept
def part(request, draft, part):
    """The questions of one part."""
    found = PARTS.get(part)
    if found is None or found.needs and not draft.file.get(found.needs):
        raise Http404
    form = form_for(found, request.POST or None, draft.file)
    shown = {"title": found.title, "intro": found.intro, "more": isinstance(found, Rows)}
    return _save(request, draft, form, "competencies:draft", draft.code, **shown)


@require_safe
@kept
def heading_list(request, draft):
    """All headings, in their order."""
    groups = {group["code"]: group["name"] for group in draft.file["groups"]}
    listed = [(one, groups.get(one["group"], "")) for one in headings(draft.file)]
    return _page(request, draft, "headings", listed=listed)


@asks_and_saves
@kept
def add_heading(request, draft):
    form = NewHeadingForm(request.POST or None, NewHeading(), draft.file)
    return _save(request, draft, form, "competencies:draft_headings", draft.code, title="Add a heading")


@asks_and_saves
@kept
def one_heading(request, draft, heading_code):
    """One heading: its name, group and criteria; a button beside each criterion moves it."""
    _heading_or_404(draft, heading_code)
    form = HeadingForm(request.POST or None, OneHeading(heading_code), draft.file)
    after = ("competencies:draft_headings", draft.code)
    if not {"up", "down", "another"}.isdisjoint(request.POST):
        after = ("competencies:draft_heading", draft.code, heading_code)
    return _save(request, draft, form, *after, page="heading")


@require_POST
@kept
def move_heading(request, draft, heading_code):
    """A place up or down."""
    way = "up" if "up" in request.POST else "down"
    _heading_or_404(draft, heading_code)
    _act(request, draft, HeadingsOrder(heading_code), way)
    return redirect("competencies:draft_headings", draft.code)


@asks_and_saves
@kept
def remove_heading(request, draft, heading_code):
    """Ask, then take the heading out with its criteria."""
    one = _heading_or_404(draft, heading_code)
    if request.method == "POST":
        _act(request, draft, HeadingsOrder(heading_code), "remove")
        messages.success(request, f"Removed “{one['name']}”")
        return redirect("competencies:draft_headings", draft.code)
    return _page(request, draft, "remove_heading", heading=one)


@require_safe
@kept
def pay(request, draft):
    """The salaries since pay began, and every award. R37."""
    return _page(request, draft, "pay", scales=scales(draft.file), points=points_of(draft.file))


@asks_and_saves
@kept
def scale(request, draft, number):
    """One table of salaries; the number after the last is a new award."""
    known = len(scales(draft.file))
    if number > known or not points_of(draft.file):
        raise Http404
    title = "Salaries when pay began" if number == 0 else "Award" if number < known else "Add an award"
    form = ScaleForm(request.POST or None, Scale(number), draft.file)
    return _save(request, draft, form, "competencies:draft_pay", draft.code, title=title)


@asks_and_saves
@kept
def remove_scale(request, draft, number):
    """Ask, then take an award out; or pay itself, where there is no award."""
    found = scales(draft.file)
    if number >= len(found) or number == 0 and len(found) > 1:
        raise Http404
    if request.method == "POST":
        _act(request, draft, Scale(number), None)
        messages.success(request, "Award removed" if number else "Pay removed")
        return redirect("competencies:draft_pay", draft.code)
    return _page(request, draft, "remove_scale", number=number, day=found[number][0])


def _heading_or_404(draft, code):
    one = heading(draft.file, code)
    if one is None:
        raise Http404
    return one


def _act(request, draft, part, values):
    """A move that asks nothing: done to the draft as it stands."""
    transitions.save_draft(draft, part=part, values=values, actor=request.user, now=timezone.now())


def _save(request, draft, form, *after, page="part", **shown):
    """Save what the form says and go on; or show it again, with what is wrong or was saved elsewhere."""
    status = 200
    if form.is_valid():
        try:
            transitions.save_draft(
                draft,
                part=form.part,
                values=form.values,
                actor=request.user,
                now=timezone.now(),
                seen=form.cleaned_data["seen"],
            )
        except transitions.Unsound as unsound:
            form.say(unsound.problems)
        except transitions.StaleSave as stale:
            form.write_over(stale.draft)
            typed = form.part.write(copy.deepcopy(stale.draft.file), form.values)
            shown["saved"] = differences(stale.draft.file, typed)
            status = 409
        else:
            messages.success(request, "Saved")
            return redirect(request.path) if "another" in request.POST else redirect(*after)
    return _page(request, draft, page, status=status, form=form, **shown)


def _page(request, draft, name, *, status=200, **shown):
    context = {"draft": draft, "scheme": draft.based_on, **shown}
    return render(request, f"competencies/draft/{name}.html", context, status=status)
