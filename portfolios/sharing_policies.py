"""*When* a piece may be commented on: while it is shared, and does not stand as it was last submitted."""

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils.formats import date_format
from django.utils.timezone import localtime

from people.policies import Blocked
from portfolios.models import Portfolio, Sharing, Submission


def submitted_as_it_stands(piece):
    """When the worker submitted this piece as it stands now, or None. One query.

    A portfolio that is open again, or the next one, or any change of the piece, makes it one in the making.
    """
    latest = Portfolio.objects.filter(worker=piece.worker_id).order_by("-is_open", "-created_at", "-id")
    held = ExpressionWrapper(
        Q(content__evidence__has_key=str(piece.pk), submitted_at__gte=piece.updated_at),
        output_field=BooleanField(),
    )
    last = (
        Submission.objects.filter(portfolio__in=latest.values("pk")[:1], portfolio__is_open=False)
        .order_by("-number")
        .values_list("submitted_at", held)
        .first()
    )
    return last[0] if last and last[1] else None


def check_open_to_comments(piece):
    """Raise Blocked, with the sentence for either side, unless its thread takes a comment now."""
    shared = Sharing.objects.filter(
        evidence=piece, shared_with=piece.worker.post.team.manager_id, ended_at=None
    )
    if not shared.exists():
        raise Blocked("This piece is not shared, so nobody would read a comment.")
    if submitted := submitted_as_it_stands(piece):
        raise Blocked(closed_sentence(submitted))


def closed_sentence(submitted):
    """Why there are no more comments on what was submitted then."""
    day = date_format(localtime(submitted), "j F Y")
    return (
        f"This was submitted on {day} as it stands, so it takes no more comments. It does again when it is "
        "changed, or when a new application is started."
    )
