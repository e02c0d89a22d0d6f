"""How pieces and portfolios are locked: the open portfolio always before its pieces."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef

from people.policies import Blocked
from portfolios import permissions
from portfolios.family_data_selectors import pieces_with_kept
from portfolios.hold_policies import held_people
from portfolios.models import Claim, Evidence, HeadingMark, Portfolio


def lock_portfolio(portfolio):
    """The portfolio as it stands, locked, with its worker and their post."""
    return (
        Portfolio.objects.select_for_update(of=("self",)).select_related("worker__post").get(pk=portfolio.pk)
    )


def lock_open_portfolio(worker, expected=None):
    """The worker's open portfolio, locked, or None. Raises Blocked if `expected` is not the open one."""
    locked = Portfolio.objects.select_for_update().filter(worker=worker, is_open=True).first()
    if expected is not None and expected != locked:
        permissions.check_is_own(worker, expected)
        raise Blocked("This portfolio has been submitted or closed, so it cannot be changed.")
    return locked


def lock_pieces(which, worker, portfolio, aim=None):
    """The worker's pieces, locked; each one's `claimed` holds the ids of the headings it counts for.

    `held` says whether a legal hold stands on the worker.

    Given an `aim`, of its headings that the piece is marked for.
    """
    claimed = Claim.objects.filter(portfolio=portfolio, evidence=OuterRef("pk")).values("competency")
    if aim is not None:
        claimed = HeadingMark.objects.filter(evidence=OuterRef("pk"), scheme=aim.step.scheme.code)
        claimed = claimed.values("heading")
    pieces = list(
        pieces_with_kept()
        .select_for_update(of=("self",))
        .filter(which, worker=worker, removed_at__isnull=True)
        .annotate(
            claimed=ArraySubquery(claimed.order_by()),
            held=Exists(held_people().filter(pk=OuterRef("worker"))),
        )
        .order_by("pk")
    )
    for piece in pieces:
        piece.claimed = set(piece.claimed)
        if aim is not None:
            asked = [heading.competency for heading in aim.evidenced]
            piece.claimed = {competency.pk for competency in asked if competency.code in piece.claimed}
    return pieces


def lock_piece(which, worker, portfolio, aim=None):
    """One piece, as `lock_pieces`. Raises Evidence.DoesNotExist if it is not the worker's or was removed."""
    found = lock_pieces(which, worker, portfolio, aim)
    if not found:
        raise Evidence.DoesNotExist
    return found[0]


def mark(pieces, scheme, headings):
    """The worker says that these pieces, which they hold the lock of, show these headings, by code."""
    marks = [
        HeadingMark(evidence=piece, scheme=scheme.code, heading=heading)
        for piece in pieces
        for heading in headings
    ]
    HeadingMark.objects.bulk_create(marks, ignore_conflicts=True)


def unmark(piece, scheme, headings):
    """They show them no more, nor any criterion under them."""
    if headings:
        HeadingMark.objects.filter(evidence=piece, scheme=scheme.code, heading__in=headings).delete()
