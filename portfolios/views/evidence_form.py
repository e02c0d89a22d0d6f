"""Writing evidence: nothing that was typed is ever lost, whatever is wrong with it."""

import uuid

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from people.policies import Blocked
from portfolios import attachments, selectors, transitions
from portfolios.family_data_forms import WhyItStays
from portfolios.family_data_selectors import look_through, looked_through
from portfolios.forms import EvidenceForm
from portfolios.models import Evidence
from portfolios.supervision_selectors import source_of_evidence
from portfolios.supervision_transitions import made_evidence
from portfolios.views import gathered_for, worker_page


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@worker_page
def new(request):
    """Write a new piece; `?heading=<code>` ticks that heading, `?from=<source>` makes it of that."""
    portfolio, aim = gathered_for(request)
    if request.method == "POST":
        return _save(request, None, portfolio, aim)
    source = source_of_evidence(request.user, request.GET.get("from", ""), portfolio)
    if source and source.piece:
        return redirect("portfolios:evidence", source.piece.pk)
    form = EvidenceForm(
        today=timezone.localdate(),
        portfolio=portfolio,
        aim=aim,
        headings=request.GET.getlist("heading"),
        kind=request.GET.get("kind"),
        source=source,
    )
    return _show(request, form, None)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@worker_page
def edit(request, pk):
    """Go on with a piece."""
    portfolio, aim = gathered_for(request)
    if request.method == "POST":
        return _save(request, Evidence(pk=pk), portfolio, aim)
    piece = selectors.own_piece(request.user, pk)
    if piece is None:
        raise Http404
    headings = [competency.code for competency in selectors.headings_of(piece, portfolio, aim)]
    form = EvidenceForm(
        today=timezone.localdate(), portfolio=portfolio, aim=aim, piece=piece, headings=headings
    )
    WhyItStays(form, request.user).ask(look_through(piece).unanswered)
    return _show(request, form, piece)


@require_POST
@worker_page
def autosave(request, pk=None):
    """Keep what is being typed; answers JSON to static/autosave.js."""
    portfolio, aim = gathered_for(request)
    form = _read(request, portfolio, aim)
    if pk is None and form.blank:
        return JsonResponse({"nothing": True})
    try:
        piece = transitions.autosave_evidence(
            Evidence(pk=pk) if pk else None,
            worker=request.user,
            portfolio=portfolio,
            aim=aim,
            base_revision=form.cleaned_data["revision"],
            key=form.cleaned_data["key"],
            fields=form.storable,
            competencies=form.headings_ticked(),
            now=timezone.now(),
        )
    except transitions.StaleSave as stale:
        return JsonResponse({"changed": _address(stale.theirs)}, status=409)
    except Blocked as blocked:
        return JsonResponse({"blocked": " ".join(blocked.sentences)}, status=409)
    except Evidence.DoesNotExist:
        raise Http404 from None
    _keep_source(request, form, piece)
    return JsonResponse(
        {
            "revision": piece.revision,
            "autosave": reverse("portfolios:autosave", args=[piece.pk]),
            "edit": _address(piece),
            "left_out": [str(form.fields[name].label) for name in form.errors],
        }
    )


def _read(request, portfolio, aim, *, finishing=False):
    form = EvidenceForm(
        request.POST.copy(),
        request.FILES,
        today=timezone.localdate(),
        portfolio=portfolio,
        aim=aim,
        finishing=finishing,
    )
    form.is_valid()
    if "key" not in form.cleaned_data or "revision" not in form.cleaned_data:
        raise BadRequest("The form's hidden fields are not as they were sent")
    return form


def _save(request, piece, portfolio, aim):
    """Keep all that can be kept, then show what was wrong with the rest, if anything."""
    finishing = "draft" not in request.POST
    form = _read(request, portfolio, aim, finishing=finishing)
    if piece is None and form.blank and form.errors:
        return _show(request, form, None)
    now, why, leaving = timezone.now(), WhyItStays(form, request.user), form.cleaned_data["remove_files"]
    try:
        piece = transitions.save_evidence(
            piece,
            worker=request.user,
            portfolio=portfolio,
            aim=aim,
            base_revision=form.cleaned_data["revision"],
            key=form.cleaned_data["key"],
            fields=form.storable,
            competencies=form.headings_ticked(),
            as_draft=not finishing or bool(form.errors),
            overrule="overrule" in request.POST,
            reasons=why.reasons,
            leaving=leaving,
            now=now,
        )
    except transitions.StaleSave as stale:
        _add_files(request, form, stale.theirs, now)
        return _show_both(request, form, stale.theirs)
    except Blocked as blocked:
        for sentence in blocked.sentences:
            form.add_error(None, sentence)
        return _show(request, form, None, status=409)
    except Evidence.DoesNotExist:
        raise Http404 from None
    _keep_source(request, form, piece)
    if leaving:
        transitions.remove_attachments(piece, worker=request.user, tokens=leaving, now=now)
    _add_files(request, form, piece, now)
    if form.cleaned_data.get("files"):
        piece.to_look_at = looked_through(piece).unanswered
    why.ask(piece.to_look_at, refusing=finishing)
    if form.errors:
        form.data["revision"] = piece.revision
        return _show(request, form, selectors.own_piece(request.user, piece.pk), kept=True)
    messages.success(request, "Evidence saved" if piece.complete else "Saved as a draft")
    return redirect("portfolios:evidence", piece.pk)


def _keep_source(request, form, piece):
    """Remember of what in the worker's development the piece was made. R40."""
    if said := form.cleaned_data.get("source"):
        source = source_of_evidence(request.user, said, form.portfolio)
        if source is not None:
            made_evidence(source.of, piece)


def _add_files(request, form, piece, now):
    """Keep the files chosen; what is wrong with one is said beside the field, and the others are kept."""
    refused = []
    for upload in form.cleaned_data.get("files", ()):
        try:
            transitions.attach_file(piece, worker=request.user, upload=upload, now=now)
        except attachments.Refused as refusal:
            refused.append(refusal.sentence)
    if refused:
        form.add_error("files", refused)


def _show(request, form, piece, *, kept=False, status=200):
    if piece is not None:
        form.offer_removal(piece.attachments.all())
        form.helper.form_action = _address(piece)
    form.watch(
        reverse("portfolios:autosave", args=[piece.pk]) if piece else reverse("portfolios:autosave_new")
    )
    return render(
        request, "portfolios/evidence_form.html", {"form": form, "piece": piece, "kept": kept}, status=status
    )


def _show_both(request, form, theirs):
    """The page after a stale save: both texts, and the ways on."""
    return render(
        request,
        "portfolios/changed_elsewhere.html",
        {
            "piece": theirs,
            "differences": form.differences(theirs),
            "typed": form.typed(),
            "new_key": uuid.uuid4(),
            "file_errors": form.errors.get("files", ()),
        },
        status=409,
    )


def _address(piece):
    return reverse("portfolios:edit", args=[piece.pk])
