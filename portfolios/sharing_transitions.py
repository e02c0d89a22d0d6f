"""What a worker shares with their manager before submission, and what the two say about it there.

Each verb reads: lock, who, when, write. What is sent twice is there once.
"""

from django.db import transaction

from people.models import Post
from portfolios import sharing_permissions as permissions
from portfolios import sharing_policies as policies
from portfolios.models import Comment, CommentsRead, Evidence, Sharing
from portfolios.supervision_permissions import check_is_own


@transaction.atomic
def share(piece, *, actor, now):
    """The worker lets the manager of their team read this piece, whatever it becomes, until they stop it."""
    worker = _lock(piece.worker)
    check_is_own(actor, worker)
    permissions.check_can_share(worker)
    _share(worker, Evidence.objects.filter(pk=piece.pk), now)


@transaction.atomic
def share_finished(worker, *, actor, now):
    """The same of each piece that is finished now. What is finished later is not shared by it.

    Returns how many were not shared before.
    """
    worker = _lock(worker)
    check_is_own(actor, worker)
    permissions.check_can_share(worker)
    return _share(worker, Evidence.objects.filter(complete=True), now)


@transaction.atomic
def stop_sharing(worker, *, actor, piece=None, now):
    """Nobody but the worker reads this piece, or any without one, from now on. Returns how many it ends."""
    worker = _lock(worker)
    check_is_own(actor, worker)
    ended = Sharing.objects.filter(evidence__worker=worker, ended_at=None)
    if piece is not None:
        ended = ended.filter(evidence=piece)
    return ended.update(ended_at=now)


@transaction.atomic
def comment(piece, *, actor, text, key, stays=(), now, today):
    """Say something about a shared piece, for the worker and their manager to read. Not changed afterwards.

    `key` is made with the form; `stays` says why passages that look like family data stay in the text, as
    family_data_words does. Raises Blocked if the piece stands as it was submitted. R8.
    """
    piece = _fresh(piece)
    principal = permissions.check_comments(actor, piece, today=today)
    policies.check_open_to_comments(piece)
    said, _ = Comment.objects.get_or_create(
        evidence=piece,
        author=actor,
        key=key,
        defaults={"on_behalf_of": principal, "text": text, "stays": list(stays), "written_at": now},
    )
    _read_up_to(piece, actor, said.pk)
    return said


@transaction.atomic
def mark_read(piece, *, actor, up_to, today):
    """Somebody of the two sides has read the thread up to the comment with the number `up_to`."""
    piece = _fresh(piece)
    permissions.check_comments(actor, piece, today=today)
    last = piece.comments.filter(pk__lte=up_to).order_by("-pk").first()
    if last is not None:
        _read_up_to(piece, actor, last.pk)


def _share(worker, pieces, now):
    manager = worker.post.team.manager
    pieces = pieces.filter(worker=worker, removed_at=None)
    pieces = list(pieces.exclude(sharings__in=Sharing.objects.filter(shared_with=manager, ended_at=None)))
    Sharing.objects.filter(evidence__in=pieces, ended_at=None).update(ended_at=now)
    Sharing.objects.bulk_create(
        Sharing(evidence=piece, shared_with=manager, shared_at=now) for piece in pieces
    )
    return len(pieces)


def _read_up_to(piece, reader, number):
    read, made = CommentsRead.objects.get_or_create(
        evidence=piece, reader=reader, defaults={"up_to_id": number}
    )
    if not made and read.up_to_id < number:
        read.up_to_id = number
        read.save(update_fields=["up_to"])


def _fresh(piece):
    """The piece as it stands, with its worker, once nobody else shares or comments on anything of theirs."""
    worker = _lock(piece.worker)
    piece = Evidence.objects.get(pk=piece.pk)
    piece.worker = worker
    return piece


def _lock(worker):
    """The worker with their team as it is now; nobody else writes here about them until this is done."""
    post = (
        Post.objects.select_for_update(no_key=True, of=("self",))
        .select_related("holder", "team__manager")
        .filter(holder=worker)
        .first()
    )
    return post.holder if post else worker
