"""What a worker says of pieces in their bank, one verb a move: what they show, what to use again."""

from django.db import transaction
from django.db.models import Q

from portfolios import permissions, policies
from portfolios.bank_selectors import marked_for
from portfolios.locking import lock_open_portfolio, lock_piece, lock_pieces, mark
from portfolios.matrix_selectors import reference_lists
from portfolios.models import CriterionMark, HeadingMark, ReferenceMark
from portfolios.transitions import changed, claim_from_bank


@transaction.atomic
def say_what_it_shows(evidence, *, worker, asked, criteria, items):
    """The piece speaks to these `criteria`, by id, and `items`, (list's code, item), and to no others. R38.

    Of `asked`, competencies' Asked, alone: what the worker said of another scheme stays. A criterion of a
    heading that the piece is not marked for is passed over. Raises Evidence.DoesNotExist if it is another's.
    """
    permissions.check_keeps_evidence(worker)
    piece = lock_piece(Q(pk=evidence.pk), worker, lock_open_portfolio(worker))
    marks = _marks([piece], asked)
    offered = {one.pk: heading.competency.code for heading in asked.evidenced for one in heading.criteria}
    same = {
        (heading.competency.code, one.level.number, one.text)
        for heading in asked.evidenced
        for one in heading.criteria
    }
    before = CriterionMark.objects.filter(mark__in=marks.values()).select_related("criterion__level", "mark")
    stale = [
        one.pk
        for one in before
        if (one.mark.heading, one.criterion.level.number, one.criterion.text) in same
        and one.criterion_id not in criteria
    ]
    CriterionMark.objects.filter(pk__in=stale).delete()
    _speak_to(
        (marks[piece.pk, offered[pk]], pk) for pk in sorted(criteria) if (piece.pk, offered.get(pk)) in marks
    )
    lists = {one.code: one.items for one in reference_lists(asked)}
    wanted = {(code, item) for code, item in items if item in lists.get(code, ())}
    held = ReferenceMark.objects.filter(evidence=piece, reference__in=lists)
    held.exclude(pk__in=[one.pk for one in held if (one.reference, one.item) in wanted]).delete()
    rows = [ReferenceMark(evidence=piece, reference=code, item=item) for code, item in sorted(wanted)]
    ReferenceMark.objects.bulk_create(rows, ignore_conflicts=True)
    return piece


@transaction.atomic
def fill_gaps(*, worker, portfolio, asked, competency, pairs, now):
    """These pieces speak to these criteria of a heading: `pairs` of (criterion's id, piece's id).

    With an open `portfolio` they count for the heading there; without one they are marked for it. Returns the
    pieces. Passed over: another's pieces, other headings' criteria, kinds that the heading cannot use.
    """
    permissions.check_keeps_evidence(worker)
    policies.check_asked(asked, [competency.pk])
    ids = {piece for _, piece in pairs}
    if portfolio is not None:
        claim_from_bank(portfolio, worker=worker, wanted={competency: ids}, now=now)
        pieces = lock_pieces(Q(pk__in=ids), worker, portfolio)
    else:
        lock_open_portfolio(worker)
        pieces = lock_pieces(Q(pk__in=ids), worker, None, asked)
        new = [piece for piece in pieces if competency.pk not in piece.claimed]
        for piece in new:
            piece.claimed.add(competency.pk)
        changed(new, now=now)
        mark(new, asked.step.scheme, [competency.code])
    marks = _marks(pieces, asked)
    heading = next(one for one in asked.evidenced if one.competency.pk == competency.pk)
    own = {one.pk for one in heading.criteria}
    _speak_to(
        (marks[piece, competency.code], criterion)
        for criterion, piece in sorted(pairs)
        if criterion in own and (piece, competency.code) in marks
    )
    return [piece for piece in pieces if (piece.pk, competency.code) in marks]


@transaction.atomic
def carry_over(portfolio, *, worker, competencies, which, now):
    """Count for these headings of the open `portfolio` finished pieces that the worker marked for them.

    `which` of them: see bank_selectors.marked_for. Returns the pieces.
    """
    permissions.check_keeps_evidence(worker)
    portfolio = lock_open_portfolio(worker, portfolio)
    found = marked_for(portfolio, which)
    wanted = {competency: found.get(competency.code, []) for competency in competencies}
    return claim_from_bank(portfolio, worker=worker, wanted=wanted, now=now)


def _marks(pieces, asked):
    """{(piece's id, heading's code): HeadingMark} of these pieces in the scheme. One query."""
    found = HeadingMark.objects.filter(evidence__in=pieces, scheme=asked.step.scheme.code).order_by()
    return {(one.evidence_id, one.heading): one for one in found}


def _speak_to(marks_and_criteria):
    rows = [CriterionMark(mark=mark, criterion_id=pk) for mark, pk in marks_and_criteria]
    CriterionMark.objects.bulk_create(rows, ignore_conflicts=True)
