"""Everything that is a worker's own: to download as one ZIP, and to bring back."""

import uuid

from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from portfolios import bringing_selectors, bringing_transitions, export_reading
from portfolios.export_format import FOR_READING, OWN
from portfolios.export_forms import BringBackForm
from portfolios.models import PackKind
from portfolios.pack_transitions import Wanted
from portfolios.views import packs, worker_page

ALL = Wanted(PackKind.EXPORT)


@require_http_methods(["GET", "HEAD", "POST"])
@worker_page
def export(request):
    """Ask for it, or see how far it is."""
    return packs.show(
        request,
        ALL,
        "portfolios/pack/export.html",
        "portfolios:export",
        own=OWN.values(),
        for_reading=FOR_READING.values(),
    )


@require_safe
@worker_page
def export_state(request):
    """How far it is, as JSON for static/pack.js."""
    return packs.state(request, ALL)


@require_safe
@worker_page
def export_file(request):
    """The ZIP."""
    return packs.give(request, ALL, "everything-of-mine.zip")


@require_http_methods(["GET", "HEAD", "POST"])
@worker_page
def bring_back(request):
    """Send an export to be brought back, see how far that is, and what came of the last."""
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = BringBackForm(*sent, initial={"key": uuid.uuid4()})
    if form.is_valid():
        try:
            bringing_transitions.ask_for(request.user, **form.cleaned_data, now=timezone.now())
        except export_reading.NotTaken as refusal:
            form.add_error("export", refusal.sentence)
        else:
            return redirect("portfolios:bring_back")
    shown = {"asked": bringing_selectors.asked(request.user), "for_reading": FOR_READING.values()}
    return render(request, "portfolios/pack/bring_back.html", {"form": form, **shown})


@require_safe
@worker_page
def bring_back_state(request):
    """How far it is, as JSON for static/pack.js."""
    return packs.how_far(bringing_selectors.asked(request.user).waits)
