"""The page of a review, for everybody who sees the case, and what the two sides put before it. R20."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from portfolios.attachments import Refused, serve_attachment
from progression.access import get_visible_or_404
from progression.policies import challenge
from reviews import appeal_policies, appeal_selectors, paper_transitions, policies
from reviews.appeal_forms import DocumentForm, StatementForm
from reviews.family_words import look_through, reasons_in, reasons_kept
from reviews.models import Part, Side
from reviews.permissions import check_added, check_takes_part, papers_or_404

asks_and_saves = require_http_methods(["GET", "HEAD", "POST"])

WHAT_TO_SAY = {
    Side.WORKER: "State your case: what was missed or misunderstood. Everybody at the hearing reads this.",
    Side.MANAGER: "Explain the decision. Everybody at the hearing reads this.",
}


@require_safe
def review(request, reference):
    """Grounds, last day, hearing, papers of both sides, representative, bundle. R19-R21."""
    application = get_visible_or_404(request.user, reference)
    page = appeal_selectors.review_page(application, request.user, now=timezone.now())
    if page is None:
        raise Http404
    shown = {
        "application": application,
        "page": page,
        "challenge": challenge(application),
        "is_worker": application.worker_id == request.user.pk,
        "reasons_words_stay": reasons_in(application, Part.REVIEW),
    }
    return render(request, "reviews/review/review.html", shown)


@asks_and_saves
def statement(request, reference):
    """What the reader's side says in writing, until it is decided. R20."""
    application, appeal, side = _taking_part(request.user, reference)
    said = appeal_selectors.statement_of(appeal, side)
    form = StatementForm(request.POST or None, statement=said, help_text=WHAT_TO_SAY[side])
    look_through(form, application, part=Part.REVIEW, by=request.user)
    shown = {"application": application, "form": form, "challenge": challenge(application)}
    if not form.is_valid():
        return render(request, "reviews/review/statement.html", shown)
    kept = reasons_kept(form, application, part=Part.REVIEW, by=request.user, now=timezone.now())
    try:
        with kept:
            paper_transitions.save_statement(
                application,
                actor=request.user,
                text=form.cleaned_data["text"],
                base_revision=form.cleaned_data["revision"],
                now=timezone.now(),
            )
    except paper_transitions.StaleStatement as stale:
        form.write_over(stale.theirs)
        shown["theirs"] = stale.theirs
        return render(request, "reviews/review/statement.html", shown, status=409)
    messages.success(request, "Statement saved")
    return redirect("reviews:review", reference)


@asks_and_saves
def add_document(request, reference):
    """A file to refer to at the hearing. R20."""
    application, appeal, side = _taking_part(request.user, reference)
    appeal_policies.check_room_for_document(appeal, side)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = look_through(DocumentForm(*posted), application, part=Part.REVIEW, by=request.user)

    def answered(stored):
        paged = stored.content_type == "application/pdf"
        if not form.answers_for(form.written.passages_of_file(stored.name, stored.text, paged=paged)):
            raise paper_transitions.Unanswered
        return reasons_kept(form, application, part=Part.REVIEW, by=request.user, now=timezone.now())

    if form.is_valid():
        try:
            paper_transitions.add_document(
                application,
                actor=request.user,
                title=form.cleaned_data["title"],
                upload=form.cleaned_data["file"],
                now=timezone.now(),
                answered=answered,
            )
        except Refused as refused:
            form.add_error("file", refused.sentence)
        except paper_transitions.Unanswered:
            pass  # the form says so
        else:
            messages.success(request, "Document added")
            return redirect("reviews:review", reference)
    return render(request, "reviews/review/add_document.html", {"application": application, "form": form})


@require_safe
def document(request, reference, token):
    """A document before the hearing, as it was added."""
    application, found = _document_or_404(request.user, reference, token)
    return serve_attachment(found, about=application.worker_id, applications=[application.pk])


@asks_and_saves
def remove_document(request, reference, token):
    """The page to check before taking a document back; POST does it."""
    application, appeal, _ = _taking_part(request.user, reference)
    found = appeal_selectors.document_of(appeal, token)
    if found is None:
        raise Http404
    check_added(request.user, found)
    if request.method == "POST":
        paper_transitions.remove_document(application, found, actor=request.user, now=timezone.now())
        messages.success(request, "Document taken back")
        return redirect("reviews:review", reference)
    shown = {"application": application, "document": found}
    return render(request, "reviews/review/remove_document.html", shown)


def _taking_part(user, reference):
    """The case, its review and the reader's side, while papers may be added."""
    application = get_visible_or_404(user, reference)
    papers_or_404(user, application)
    side, _ = check_takes_part(user, application)
    policies.check_under_review(application)
    return application, appeal_selectors.appeal_of(application), side


def _document_or_404(user, reference, token):
    application = get_visible_or_404(user, reference)
    papers_or_404(user, application)
    appeal = appeal_selectors.appeal_of(application)
    found = appeal and appeal_selectors.document_of(appeal, token)
    if found is None:
        raise Http404
    return application, found
