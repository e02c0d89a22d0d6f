"""Who stands in while somebody is away, and conflicts of interest."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from people import permissions, policies, selectors, transitions
from people.models import Conflict, Delegation
from people.standing_in_forms import AwayForm, ConflictForm

asks_and_does = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def away(request):
    """What the reader has arranged for being away, and for whom they stand in."""
    permissions.check_can_delegate(request.user)
    today = timezone.localdate()
    ahead = selectors.standing_in_now(request.user, today=today)
    shown = {
        "arranged": [one for one in ahead if one.delegator_id == request.user.pk],
        "held": [one for one in ahead if one.delegate_id == request.user.pk],
        "over": selectors.absences_over(request.user, today=today),
        "today": today,
    }
    return render(request, "people/away.html", shown)


@asks_and_does
def be_away(request):
    """Who stands in, on which days, and the page to check."""
    permissions.check_can_delegate(request.user)
    now = timezone.now()
    form = AwayForm(request.POST or None, user=request.user, today=timezone.localdate(now))
    if form.confirmed:
        answers = form.cleaned_data
        transitions.delegate(
            request.user,
            to=answers["delegate"],
            first_day=answers["first_day"],
            last_day=answers["last_day"],
            actor=request.user,
            now=now,
        )
        messages.success(request, f"{answers['delegate'].name} will stand in for you")
        return redirect("people:away")
    if not form.to_check:
        return render(request, "people/be_away.html", {"form": form})
    shown = {"form": form, "warnings": policies.warnings_on_delegating(request.user, **form.cleaned_data)}
    return render(request, "people/check_away.html", shown)


@asks_and_does
def end_away(request, pk):
    """Ask once more, then nobody stands in from this moment."""
    delegation = _own(Delegation, pk, delegator=request.user)
    permissions.check_can_end_delegation(request.user, delegation)
    policies.check_not_ended(delegation)
    now = timezone.now()
    policies.check_not_over(delegation, today=timezone.localdate(now))
    if request.method == "POST":
        transitions.end_delegation(delegation, actor=request.user, now=now)
        messages.success(request, f"{delegation.delegate.name} no longer stands in for you")
        return redirect("people:away")
    begun = delegation.first_day <= timezone.localdate(now)
    return render(request, "people/end_away.html", {"delegation": delegation, "begun": begun})


@require_safe
def conflicts(request):
    """The conflicts of interest that the reader is one side of."""
    found = selectors.conflicts_declared_with(request.user)
    shown = {
        "declared": [one for one in found if one.person_id == request.user.pk],
        "by_others": [one for one in found if one.person_id != request.user.pk],
    }
    return render(request, "people/conflicts.html", shown)


@asks_and_does
def declare_conflict(request):
    """With whom and why, and the page to check."""
    form = ConflictForm(request.POST or None, user=request.user)
    if form.confirmed:
        answers = form.cleaned_data
        transitions.declare_conflict(
            request.user,
            other=answers["other"],
            tie=answers["tie"],
            detail=answers["detail"],
            actor=request.user,
            now=timezone.now(),
        )
        messages.success(request, f"Conflict of interest with {answers['other'].name} declared")
        return redirect("people:conflicts")
    if not form.to_check:
        return render(request, "people/declare_conflict.html", {"form": form})
    return render(request, "people/check_conflict.html", {"form": form})


@asks_and_does
def end_conflict(request, pk):
    """Ask once more, then it bars nobody from this moment."""
    conflict = _own(Conflict, pk, person=request.user)
    policies.check_not_ended(conflict)
    if request.method == "POST":
        transitions.end_conflict(conflict, actor=request.user, now=timezone.now())
        messages.success(request, f"Conflict of interest with {conflict.other.name} ended")
        return redirect("people:conflicts")
    return render(request, "people/end_conflict.html", {"conflict": conflict})


def _own(model, pk, **whose):
    """The reader's own, or 404: another's is not told apart from none."""
    found = model.objects.filter(pk=pk, **whose).select_related("ended_by").first()
    if found is None:
        raise Http404
    return found
