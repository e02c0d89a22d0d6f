"""What the two sides put before a review. Each verb reads: lock, who, when, write, history, tell."""

from contextlib import nullcontext

from django.db import transaction

from portfolios import attachments
from portfolios.scanning import first_state
from progression.states import State
from progression.transitions import lock, record
from reviews import appeal_policies, bundle_transitions
from reviews.models import Appeal, AppealDocument, Side, Statement
from reviews.permissions import check_added, check_takes_part


class Unanswered(Exception):
    """A file holds what looks like family data, and nobody said why it stays; it was not kept."""


class StaleStatement(Exception):
    """The statement was saved elsewhere since the page was opened; nothing has been written.

    `theirs` is the Statement as it is now.
    """

    def __init__(self, theirs):
        self.theirs = theirs
        super().__init__(f"The statement is at revision {theirs.revision}.")


@transaction.atomic
def save_statement(application, *, actor, text, base_revision, now):
    """Keep what the actor's side says to the hearing, in writing, until it is decided. R20.

    `base_revision` is what the statement's revision was when the page was opened, 0 for none. Returns the
    Statement; raises StaleStatement if it has moved on and says something else.
    """
    application = lock(application, State.UNDER_APPEAL)
    side, principal = check_takes_part(actor, application)
    appeal_policies.check_gives_reason(text, "Write your statement.")
    appeal = _lock_appeal(application)
    said = Statement.objects.select_for_update().filter(appeal=appeal, side=side).first()
    text = text.strip()
    if said is None:
        said = Statement(appeal=appeal, side=side, revision=0)
    elif said.text == text:
        return said
    elif said.revision != base_revision:
        raise StaleStatement(said)
    said.text = text
    said.by, said.on_behalf_of = actor, principal
    said.saved_at = now
    said.revision += 1
    said.save()
    by = {"actor": actor, "on_behalf_of": principal}
    record(application, **by, verb="wrote a statement", now=now, detail={"revision": said.revision})
    bundle_transitions.ask_for_bundle(appeal, now=now)
    return said


def add_document(application, *, actor, title, upload, now, answered=nullcontext):
    """Put a file before the hearing: file and row, or neither. R20.

    Raises attachments.Refused with the sentence for the screen. `answered` is asked whether there is a reason
    for what the attachments.Stored holds: it raises Unanswered, or keeps the reasons with what is done within
    it. Returns the AppealDocument; the same file twice from one side is kept
    once.
    """
    stored = attachments.take_in(upload)
    try:
        with answered(stored):
            document = _add_document(application, actor=actor, title=title, stored=stored, now=now)
    except BaseException:
        attachments.discard(stored.stored_as)
        raise
    if document.stored_as != stored.stored_as:
        attachments.discard(stored.stored_as)
    return document


@transaction.atomic
def _add_document(application, *, actor, title, stored, now):
    application = lock(application, State.UNDER_APPEAL)
    side, principal = check_takes_part(actor, application)
    appeal = _lock_appeal(application)
    there = appeal.documents.filter(side=side, sha256=stored.sha256, removed_at=None).first()
    if there is not None:
        return there
    appeal_policies.check_room_for_document(appeal, side)
    document = AppealDocument.objects.create(
        appeal=appeal,
        side=side,
        title=title.strip() or stored.name,
        name=stored.name,
        stored_as=stored.stored_as,
        content_type=stored.content_type,
        size=stored.size,
        sha256=stored.sha256,
        added_at=now,
        added_by=actor,
        **first_state(now=now),
    )
    by = {"actor": actor, "on_behalf_of": principal}
    record(application, **by, verb="added a document", now=now, detail={"side": Side(side).value})
    bundle_transitions.ask_for_bundle(appeal, now=now)
    return document


@transaction.atomic
def remove_document(application, document, *, actor, now):
    """Take back a file that the actor added, before the decision. The file goes from the disk."""
    application = lock(application, State.UNDER_APPEAL)
    _, principal = check_takes_part(actor, application)
    appeal = _lock_appeal(application)
    document = appeal.documents.select_for_update().get(pk=document.pk)
    check_added(actor, document)
    if document.removed_at is not None:
        return document
    document.removed_at = now
    document.save(update_fields=["removed_at"])
    transaction.on_commit(lambda: attachments.discard(document.stored_as))
    by = {"actor": actor, "on_behalf_of": principal}
    record(application, **by, verb="took back a document", now=now, detail={"side": document.side})
    bundle_transitions.ask_for_bundle(appeal, now=now)
    return document


def _lock_appeal(application):
    appeal = Appeal.objects.select_for_update().filter(application=application).first()
    appeal_policies.check_undecided(appeal)
    return appeal
