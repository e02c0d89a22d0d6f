"""Every read of what is shared before submission and said there, each in a fixed number of queries."""

from dataclasses import dataclass
from functools import cache

from django.core.paginator import Paginator
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from people.models import Team, User
from people.written import Written, given, outside
from portfolios.models import Attachment, Comment, CommentsRead, Evidence, Sharing

A_PAGE = 25


@dataclass(frozen=True)
class Readers:
    """Who may read a piece beside its worker, and what they say there.

    `manager` is the name of the worker's manager now; `shared` whether with them; `before` the name of an
    earlier manager with whom it was shared and not stopped, or "". `new` comments are not read by the worker.
    """

    manager: str
    shared: bool
    before: str
    comments: int
    new: int


def with_readers(pieces):
    """Pieces with what `readers_of` needs, in the query that reads them."""
    sharing = Sharing.objects.filter(evidence=OuterRef("pk"), ended_at=None)
    return pieces.annotate(
        manager=F("worker__post__team__manager"),
        manager_name=F("worker__post__team__manager__name"),
        reader=Subquery(sharing.values("shared_with")[:1]),
        reader_name=Subquery(sharing.values("shared_with__name")[:1]),
        said=_counted(Comment.objects.filter(evidence=OuterRef("pk"))),
        new=_counted(new_to_worker().filter(evidence=OuterRef("pk"))),
    )


def readers_of(piece):
    """The Readers of a worker's own piece, read `with_readers`. No query."""
    shared = piece.reader is not None and piece.reader == piece.manager
    before = "" if shared or piece.reader is None else piece.reader_name
    return Readers(piece.manager_name, shared, before, piece.said, piece.new)


def shared_by(worker, *, page):
    """A page of the worker's pieces that the manager of their team reads, those with news first. Two queries.

    Each is an Evidence with `shared_at`, `said` (comments) and `new` (comments not read by the worker).
    """
    found = _shared(worker).annotate(
        said=_counted(Comment.objects.filter(evidence=OuterRef("pk"))),
        new=_counted(new_to_worker().filter(evidence=OuterRef("pk"))),
    )
    return Paginator(found.order_by("-new", "-shared_at", "-pk"), A_PAGE).get_page(page)


def finished_not_shared(worker):
    """How many finished pieces the manager of the worker's team does not read. One query."""
    finished = Evidence.objects.filter(worker=worker, complete=True, removed_at=None)
    return finished.exclude(pk__in=_shared(worker).values("pk")).count()


def read_by_manager(worker, *, page):
    """The same page as `shared_by`, for the manager: `new` are comments that their side has not read."""
    found = _shared(worker).annotate(
        said=_counted(Comment.objects.filter(evidence=OuterRef("pk"))),
        new=_counted(new_to_manager().filter(evidence=OuterRef("pk"))),
    )
    return Paginator(found.order_by("-new", "-updated_at", "-pk"), A_PAGE).get_page(page)


def marks_of(pieces):
    """{piece's id: (whether its worker's manager reads it, comments new to the worker)}. One query.

    Pieces with neither are left out.
    """
    rows = (
        Evidence.objects.filter(pk__in=[piece.pk for piece in pieces])
        .annotate(
            shared=_counted(
                _open_with_manager_of(OuterRef(OuterRef("worker"))).filter(evidence=OuterRef("pk"))
            ),
            new=_counted(new_to_worker().filter(evidence=OuterRef("pk"))),
        )
        .filter(Q(shared__gt=0) | Q(new__gt=0))
        .values_list("pk", "shared", "new")
    )
    return {pk: (bool(shared), new) for pk, shared, new in rows}


def new_for_row(worker):
    """How many comments on what a worker's manager reads are new to the worker.

    A part of a query whose rows have the worker's id in the column `worker`.
    """
    return RawSQL(*_new_for_row(worker).counted(), output_field=IntegerField())  # noqa: S611


@cache
def _new_for_row(worker):
    return Written(_new_on_shared().filter(evidence__worker=outside(worker)).values("pk"))


def new_for_manager(manager):
    """How many comments of their workers, where they share with the manager, are new to them. One query."""
    return _new_for_manager().count(manager=manager.pk)


@cache
def _new_for_manager():
    shared = Sharing.objects.filter(
        evidence=OuterRef("evidence"), shared_with=given("manager"), ended_at=None, evidence__removed_at=None
    )
    of_team = User.objects.filter(post__team__manager=given("manager")).order_by()
    return Written(new_to_manager().filter(Exists(shared), author__in=of_team).values("pk"))


def thread_of(piece):
    """What was said of a piece, in the order in which it was. One query."""
    return list(piece.comments.select_related("author", "on_behalf_of").order_by("pk"))


def new_in(piece, *, to_worker):
    """The ids of the comments that are new to the worker, or else to the manager's side. One query."""
    new = new_to_worker() if to_worker else new_to_manager()
    return set(new.filter(evidence=piece).values_list("pk", flat=True))


def piece_of(worker, pk):
    """The worker's piece with this id, with them, their team and its manager at hand, or None. One query."""
    found = with_readers(Evidence.objects.filter(worker=worker, pk=pk, removed_at=None))
    return found.select_related("worker__post__team__manager").first()


def files_of(piece):
    """The files kept with a piece. One query."""
    return list(piece.attachments.filter(removed_at=None))


def file_of(piece, token):
    """The Attachment of the piece with this token, or None. One query."""
    return Attachment.objects.filter(evidence=piece, token=token, removed_at=None).first()


def new_to_worker():
    """Comments of others that the worker of the piece has not read."""
    read = CommentsRead.objects.filter(evidence=OuterRef("evidence"), reader=OuterRef("evidence__worker"))
    return _unread(Comment.objects.exclude(author=F("evidence__worker")), read)


def new_to_manager():
    """Comments of the worker of the piece that nobody else has read."""
    read = CommentsRead.objects.filter(evidence=OuterRef("evidence"))
    read = read.exclude(reader=OuterRef("evidence__worker"))
    return _unread(Comment.objects.filter(author=F("evidence__worker")), read)


def _new_on_shared():
    worker = OuterRef(OuterRef("evidence__worker"))
    shared = _open_with_manager_of(worker).filter(evidence=OuterRef("evidence"))
    return new_to_worker().filter(Exists(shared), evidence__removed_at=None)


def _unread(comments, read):
    up_to = Subquery(read.order_by("-up_to").values("up_to")[:1])
    return comments.filter(pk__gt=Coalesce(up_to, 0)).order_by()


def _open_with_manager_of(worker):
    """Sharings that let in whoever manages this worker's team now."""
    managers = Team.objects.filter(posts__holder=worker).order_by().values("manager")
    return Sharing.objects.filter(ended_at=None, shared_with__in=managers).order_by()


def _shared(worker):
    """The worker's pieces that the manager of their team reads, each with `shared_at`."""
    return (
        Evidence.objects.filter(
            worker=worker,
            removed_at=None,
            sharings__ended_at=None,
            sharings__shared_with=F("worker__post__team__manager"),
        )
        .annotate(shared_at=F("sharings__shared_at"))
        .defer("what_i_did", "outcome", "what_i_learned")
    )


def _counted(found):
    """How many rows `found` has, as a subquery of the row outside it."""
    counted = found.order_by().values("evidence").annotate(count=Count("pk"))
    return Coalesce(Subquery(counted.values("count"), output_field=IntegerField()), 0)
