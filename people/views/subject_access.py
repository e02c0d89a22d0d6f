"""Everything about a person, as one file: for themselves, or by an administrator of their council."""

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from people import subject_access_transitions as transitions
from people.models import DataExport
from people.subject_access_forms import ExportForm
from people.subject_access_permissions import check_exports_for_others

ASKED = "It is being put together. Come back in a few minutes"


@require_http_methods(["GET", "HEAD", "POST"])
def own_data(request):
    """What the reader asked for of themselves; POST asks anew."""
    if request.method == "POST":
        transitions.ask_for_export(request.user, actor=request.user, now=timezone.now())
        messages.success(request, ASKED)
        return redirect("people:own_data")
    exports = DataExport.objects.filter(person=request.user, asked_by=request.user, swept_at=None)
    return render(request, "people/subject_access/own.html", {"exports": exports})


@require_http_methods(["GET", "HEAD", "POST"])
def others_data(request):
    """What an administrator asked for of others, and why; POST asks anew."""
    check_exports_for_others(request.user)
    form = ExportForm(request.POST or None, administrator=request.user)
    if request.method == "POST" and form.is_valid():
        transitions.ask_for_export(
            form.person, actor=request.user, why=form.cleaned_data["why"], now=timezone.now()
        )
        messages.success(request, ASKED)
        return redirect("people:others_data")
    exports = DataExport.objects.filter(asked_by=request.user, swept_at=None).exclude(person=request.user)
    shown = {"form": form, "exports": exports.select_related("person")}
    return render(request, "people/subject_access/others.html", shown)


@require_POST
def download(request, pk):
    """The file, to whoever asked for it. A POST, because it is noted who took it and when."""
    export = get_object_or_404(DataExport, pk=pk, asked_by=request.user, made_at__isnull=False, swept_at=None)
    try:
        file = transitions.download(export, actor=request.user)
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(
        file,
        as_attachment=True,
        filename="personal-data.zip",
        content_type="application/zip",
        headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"},
    )
