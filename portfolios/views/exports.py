"""Everything that is a worker's own: to download as one ZIP, and to bring back."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from portfolios import export_reading
from portfolios.bring_back import bring_back as bring_it_back
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
    """Take an export back into the bank: all of it, or nothing."""
    form = BringBackForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_valid():
        try:
            came = bring_it_back(
                request.user, export_reading.read(form.cleaned_data["export"]), now=timezone.now()
            )
        except export_reading.NotTaken as refusal:
            form.add_error("export", refusal.sentence)
        else:
            messages.success(request, ". ".join(came.sentences))
            return redirect("portfolios:bank")
    return render(
        request, "portfolios/pack/bring_back.html", {"form": form, "for_reading": FOR_READING.values()}
    )
