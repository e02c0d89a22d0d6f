"""Legal holds: those that stand, placing one, ending one."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from people.permissions import allowed
from people.selectors import councils_of
from progression import hold_transitions
from progression.hold_forms import HoldForm
from progression.hold_permissions import check_can_hold, check_places_holds
from progression.models import LegalHold


@require_http_methods(["GET", "HEAD", "POST"])
def holds(request):
    """The holds of the reader's council that stand; POST places one."""
    check_places_holds(request.user)
    form = HoldForm(request.POST or None, administrator=request.user)
    if request.method == "POST" and form.is_valid():
        hold_transitions.place_hold(
            form.person,
            actor=request.user,
            reason=form.cleaned_data["reason"],
            application=form.application,
            now=timezone.now(),
        )
        messages.success(request, f"A legal hold stands on {form.person.name}")
        return redirect("progression:holds")
    councils = councils_of(request.user)
    standing = LegalHold.objects.filter(ended_at=None).select_related("person", "application", "placed_by")
    theirs = standing.filter(person__post__team__service__council__in=councils) | standing.filter(
        person__services__council__in=councils
    )
    theirs |= standing.filter(person__teams_managed__service__council__in=councils)
    return render(request, "progression/holds.html", {"form": form, "holds": theirs.distinct()})


@require_http_methods(["GET", "HEAD", "POST"])
def end_hold(request, pk):
    """Ask once more; then what is due may be erased."""
    check_places_holds(request.user)
    hold = LegalHold.objects.filter(pk=pk, ended_at=None).select_related("person", "application").first()
    if hold is None or not allowed(check_can_hold, request.user, hold.person):
        raise Http404
    if request.method == "POST":
        hold_transitions.end_hold(hold, actor=request.user, now=timezone.now())
        messages.success(request, f"The legal hold on {hold.person.name} has ended")
        return redirect("progression:holds")
    return render(request, "progression/end_hold.html", {"hold": hold})
