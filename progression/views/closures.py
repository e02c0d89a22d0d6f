"""The days on which a council's offices are shut."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from people.policies import Blocked
from progression import closure_permissions, closure_transitions
from progression.closure_forms import ClosureForm
from progression.models import CouncilClosure


@require_http_methods(["GET", "HEAD", "POST"])
def closures(request):
    """The closures of the reader's services, and a form for one more."""
    closure_permissions.check_keeps_closures(request.user)
    services = list(closure_permissions.services_closed_by(request.user).prefetch_related("closures"))
    sent = request.POST if request.method == "POST" else None
    form = ClosureForm(sent, services=services) if services else None
    today = timezone.localdate()
    if form is not None and form.is_valid() and _added(request, form, today):
        return redirect("progression:closures")
    return render(request, "progression/closures.html", {"form": form, "services": services, "today": today})


def _added(request, form, today):
    """Whether the day was added; otherwise the form says why not."""
    try:
        closure, moved = closure_transitions.close_offices(
            form.chosen_service,
            day=form.cleaned_data["day"],
            title=form.cleaned_data["title"],
            actor=request.user,
            today=today,
        )
    except Blocked as blocked:
        for sentence in blocked.sentences:
            form.add_error("day", sentence.rstrip("."))
        return False
    later = f": {moved} open deadline{'s' if moved > 1 else ''} became later" if moved else ""
    messages.success(request, f"Closure added{later}")
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def remove_closure(request, pk):
    """Ask, and remove it."""
    services = closure_permissions.services_closed_by(request.user)
    closure = CouncilClosure.objects.filter(pk=pk, service__in=services).select_related("service").first()
    if closure is None:
        raise Http404
    if request.method == "POST":
        closure_transitions.open_offices(closure, actor=request.user, today=timezone.localdate())
        messages.success(request, "Closure removed")
        return redirect("progression:closures")
    return render(request, "progression/remove_closure.html", {"closure": closure})
