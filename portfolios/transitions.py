"""What a worker does with evidence, one verb a move.

What becomes of the whole portfolio is in `portfolio_transitions`.

Each verb reads: lock, who, when, write, history. The worker's open portfolio is always locked before the
piece, so that two tabs, or an edit and a submission, follow one another.
"""

import uuid

from django.db import transaction
from django.db.models import Q

from people.policies import Blocked
from portfolios import attachments, family_data_transitions, permissions, policies
from portfolios.locking import lock_open_portfolio, lock_piece, lock_pieces, mark, unmark
from portfolios.models import Attachment, Claim, Evidence, EvidenceRevision
from portfolios.portfolio_transitions import recount
from portfolios.quota import check_room
from portfolios.scanning import first_state

FIELDS = ("kind", "title", "practised_on", "what_i_did", "outcome", "what_i_learned")
NEEDED = FIELDS[1:]
MOST_ATTACHMENTS = 10


class StaleSave(Exception):
    """The piece was changed elsewhere since the page was opened; nothing has been written.

    `theirs` is the Evidence as it stands, and its `claimed` the set of competency ids that it counts for.
    """

    def __init__(self, theirs):
        self.theirs = theirs
        super().__init__(f"Evidence {theirs.pk} is at revision {theirs.revision}.")


@transaction.atomic
def save_evidence(
    evidence,
    *,
    worker,
    portfolio=None,
    aim=None,
    base_revision=0,
    fields,
    competencies=None,
    key=None,
    as_draft=False,
    overrule=False,
    reasons=None,
    leaving=(),
    now,
):
    """Keep what the worker typed, with its row of history. R7.

    `evidence` is None for a new piece, which `key` (a UUID made with the form) keeps from being made twice.
    `fields` holds any of FIELDS; one left out stays as it is. `competencies` are the headings that the piece
    counts for in `portfolio`, or None to leave them as they are. Without a portfolio they are those of `aim`,
    the selectors.Asked that the evidence is gathered for, that the worker says it shows: marks, kept for the
    next application. `base_revision` is the revision the worker began from. The piece counts as an example
    once everything is there, unless saved `as_draft`, and nothing in it looks like family data: `reasons` say
    why a passage stays, by its digest; files whose tokens are `leaving` are about to be taken off.

    Returns the Evidence, whose `to_look_at` are the Passages not answered yet. Raises StaleSave if it changed
    since `base_revision`, unless `overrule`: then what is written over goes into the history first. Raises
    Blocked if `portfolio` is no longer open.
    """
    aim = None if portfolio else aim
    open_one, piece = _lock_for_save(evidence, worker=worker, portfolio=portfolio, aim=aim, key=key, now=now)
    if overrule and piece.revision:
        _remember(piece, now=now)
        base_revision = piece.revision
    _write(
        piece,
        open_one,
        aim,
        base_revision=base_revision,
        fields=fields,
        competencies=competencies,
        finished=not as_draft,
        reasons=reasons,
        leaving=leaving,
        now=now,
    )
    _remember(piece, now=now)
    return piece


@transaction.atomic
def autosave_evidence(
    evidence, *, worker, portfolio=None, aim=None, base_revision, fields, competencies=None, key=None, now
):
    """Keep what is being typed: as `save_evidence`, but no history and never newly counted as an example."""
    aim = None if portfolio else aim
    open_one, piece = _lock_for_save(evidence, worker=worker, portfolio=portfolio, aim=aim, key=key, now=now)
    _write(
        piece,
        open_one,
        aim,
        base_revision=base_revision,
        fields=fields,
        competencies=competencies,
        finished=piece.complete,
        now=now,
    )
    return piece


@transaction.atomic
def claim_from_bank(portfolio, *, worker, wanted, now):
    """Count pieces of the worker's bank for more headings. Returns those pieces.

    `wanted` is {Competency: ids of pieces}. Passed over: another's pieces, those that count already, those of
    a kind that the heading cannot use.
    """
    portfolio = lock_open_portfolio(worker, portfolio)
    policies.check_asked(policies.asked(portfolio), [competency.pk for competency in wanted])
    ids = {pk for found in wanted.values() for pk in found}
    pieces = {piece.pk: piece for piece in lock_pieces(Q(pk__in=ids), worker, portfolio)}
    claims = [
        Claim(portfolio=portfolio, evidence=pieces[pk], competency=competency)
        for competency, found in wanted.items()
        for pk in sorted(pieces.keys() & set(found))
        if competency.pk not in pieces[pk].claimed
        and pieces[pk].kind in policies.kinds_usable(portfolio, competency)
    ]
    for claim in claims:
        claim.evidence.claimed.add(claim.competency_id)
    used = list({claim.evidence_id: claim.evidence for claim in claims}.values())
    changed(used, now=now)
    Claim.objects.bulk_create(claims)
    recount(portfolio)
    return used


def changed(pieces, *, now):
    """These locked pieces are used otherwise: a page opened before is stale. With their row of history."""
    for piece in pieces:
        piece.revision += 1
        piece.updated_at = now
    Evidence.objects.bulk_update(pieces, ["revision", "updated_at"])
    _remember(*pieces, now=now)


@transaction.atomic
def remove_evidence(evidence, *, worker, now):
    """Take a piece out of the bank and the open portfolio. What was submitted keeps it."""
    portfolio = lock_open_portfolio(worker)
    piece = lock_piece(Q(pk=evidence.pk), worker, portfolio)
    piece.complete = False
    piece.removed_at = now
    piece.save(update_fields=["complete", "removed_at"])
    piece.attachments.filter(removed_at__isnull=True).update(removed_at=now)
    if portfolio is not None:
        Claim.objects.filter(portfolio=portfolio, evidence=piece).delete()
        recount(portfolio)
    return piece


def attach_file(evidence, *, worker, upload, now):
    """Keep a file with a piece of evidence: file and row, or neither. The same file twice is kept once.

    `upload` is Django's UploadedFile. Returns the Attachment. Raises attachments.Refused with the sentence
    for the screen.
    """
    stored = attachments.take_in(upload)
    try:
        with transaction.atomic():
            kept = _attach(evidence, worker=worker, stored=stored, now=now)
    except BaseException:
        attachments.discard(stored.stored_as)
        raise
    if kept.stored_as != stored.stored_as:
        attachments.discard(stored.stored_as)
    return kept


@transaction.atomic
def remove_attachments(evidence, *, worker, tokens, now):
    """Take these files off a piece. The sweep deletes them from the disk, unless a submission holds them."""
    piece = lock_piece(Q(pk=evidence.pk), worker, lock_open_portfolio(worker))
    piece.attachments.filter(token__in=tokens, removed_at__isnull=True).update(removed_at=now)


def _lock_for_save(evidence, *, worker, portfolio, aim, key, now):
    permissions.check_keeps_evidence(worker)
    open_one = lock_open_portfolio(worker, portfolio)
    if evidence is not None:
        return open_one, lock_piece(Q(pk=evidence.pk), worker, open_one, aim)
    key = key or uuid.uuid4()
    # At revision 0 until its first save below; a second sending of the same form finds the first one's piece.
    empty = Evidence(worker=worker, key=key, revision=0, created_at=now, updated_at=now)
    Evidence.objects.bulk_create([empty], ignore_conflicts=True)
    return open_one, lock_piece(Q(key=key), worker, open_one, aim)


def _write(
    piece, portfolio, aim, *, base_revision, fields, competencies, finished, reasons=None, leaving=(), now
):
    """Put fields and headings into a locked piece and count again what depends on them."""
    changed = {
        name: fields[name] for name in FIELDS if name in fields and fields[name] != getattr(piece, name)
    }
    wanted = piece.claimed if competencies is None else {competency.pk for competency in competencies}
    if (changed or wanted != piece.claimed) and base_revision != piece.revision:
        raise StaleSave(piece)
    was_complete, was_claimed = piece.complete, piece.claimed
    if changed and piece.revision and piece.held:
        _remember(piece, now=now)  # also what was only typed, and never saved
    if wanted != was_claimed:
        _check_claimable(portfolio, aim, wanted)
    for name, value in changed.items():
        setattr(piece, name, value)
    piece.to_look_at = family_data_transitions.settle(piece, reasons=reasons, leaving=leaving, now=now)
    piece.complete = (
        finished
        and not piece.to_look_at
        and all(getattr(piece, name) for name in NEEDED)
        and not (wanted and aim is None and policies.kind_refusals(portfolio, piece.kind, wanted))
    )
    differs = bool(changed) or wanted != was_claimed or not piece.revision
    if differs:
        piece.revision += 1
        piece.updated_at = now
    if differs or piece.complete != was_complete:
        piece.save(update_fields=[*changed, "complete", "revision", "updated_at"])
    if wanted != was_claimed:
        _claim(piece, portfolio, aim, wanted)
    if portfolio is not None and (wanted != was_claimed or piece.complete != was_complete):
        recount(portfolio)


def _check_claimable(portfolio, aim, wanted):
    if portfolio is None and aim is None:
        raise Blocked("You have no open portfolio to count this towards.")
    policies.check_asked(aim or policies.asked(portfolio), wanted)


def _claim(piece, portfolio, aim, wanted):
    """Count a piece for the headings `wanted` and no others; given an `aim`, mark it for them alone.

    PostgreSQL marks what is claimed, and takes the mark off with the claim: see migration 0011.
    """
    dropped, added = piece.claimed - wanted, sorted(wanted - piece.claimed)
    if aim is not None:
        codes = {heading.competency.pk: heading.competency.code for heading in aim.evidenced}
        unmark(piece, aim.step.scheme, [codes[pk] for pk in dropped])
        mark([piece], aim.step.scheme, [codes[pk] for pk in added])
        piece.claimed = wanted
        return
    if dropped:
        Claim.objects.filter(portfolio=portfolio, evidence=piece, competency__in=dropped).delete()
    if added:
        Claim.objects.bulk_create(
            [Claim(portfolio=portfolio, evidence=piece, competency_id=pk) for pk in added]
        )
    piece.claimed = wanted


def _remember(*pieces, now):
    """Write each piece's row of history for its revision, unless it has one."""
    rows = [
        EvidenceRevision(evidence=piece, number=piece.revision, content=_content(piece), saved_at=now)
        for piece in pieces
    ]
    EvidenceRevision.objects.bulk_create(rows, ignore_conflicts=True)


def _content(piece):
    content = {name: getattr(piece, name) for name in FIELDS}
    content["practised_on"] = piece.practised_on.isoformat() if piece.practised_on else None
    return content | {"headings": sorted(piece.claimed), "complete": piece.complete}


def _attach(evidence, *, worker, stored, now):
    portfolio = lock_open_portfolio(worker)
    piece = lock_piece(Q(pk=evidence.pk), worker, portfolio)
    there = list(piece.attachments.filter(removed_at__isnull=True))
    for attachment in there:
        if attachment.sha256 == stored.sha256:
            return attachment
    if len(there) >= MOST_ATTACHMENTS:
        raise attachments.Refused(
            f"‘{stored.name}’ was not added: a piece of evidence holds at most {MOST_ATTACHMENTS} files."
        )
    check_room(worker, stored)
    kept = Attachment.objects.create(
        evidence=piece,
        name=stored.name,
        stored_as=stored.stored_as,
        content_type=stored.content_type,
        size=stored.size,
        sha256=stored.sha256,
        added_at=now,
        **first_state(now=now),
    )
    if family_data_transitions.keep_found(kept, stored.text) and piece.complete:
        piece.complete = False
        piece.save(update_fields=["complete"])
        if portfolio is not None:
            recount(portfolio)
    return kept
