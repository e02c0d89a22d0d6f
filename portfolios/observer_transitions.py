"""A worker asks somebody without an account to confirm a piece, or to write of it; and what they answer.

Each verb reads: lock, who, when, write. What is sent twice is there once. ADR 0028.
"""

import uuid

from django.db import transaction

from people.models import Post
from portfolios import observer_links, observer_mail, permissions
from portfolios import observer_policies as policies
from portfolios.freezing import fingerprint
from portfolios.kinds import ASKED
from portfolios.models import Attachment, Evidence, ObserverLink, ObserverRequest, Testimony
from portfolios.models.scanned import ScanState


class NoSuchLink(Exception):
    """Wrong, used, expired or taken back: whoever holds it is not told which."""


@transaction.atomic
def ask(piece, *, actor, name, email, relation, message, texts, files, key, now):
    """Ask somebody about this piece, by a link in an e-mail. Returns the ObserverRequest.

    They read its title and date, and those of its `texts` (fields) and `files` (tokens) named here, as they
    stand now: what is changed later, they do not see. Raises Blocked.
    """
    _lock_worker(piece.worker_id)
    piece = Evidence.objects.select_related("worker").get(pk=piece.pk)
    permissions.check_keeps_evidence(actor)
    permissions.check_is_own(actor, piece)
    if there := ObserverRequest.objects.filter(evidence=piece, key=key).first():
        return there
    policies.check_can_be_asked_about(piece)
    policies.check_somebody_else(actor, email)
    policies.check_room_to_ask(piece, now=now)
    policies.check_room_to_send(actor, now=now)
    request = ObserverRequest.objects.create(
        evidence=piece,
        key=key,
        name=name,
        email=email,
        relation=relation,
        message=message,
        shown=_shown(piece, texts, files),
        asked_at=now,
    )
    _send_link(request, now=now)
    return request


@transaction.atomic
def send_again(request, *, actor, now):
    """A new link for the same person, in place of the one before. Raises Blocked once they have answered."""
    request = _lock_own(request, actor)
    policies.check_not_settled(request)
    policies.check_room_to_send(actor, now=now)
    _end_links(request, now=now)
    _send_link(request, now=now)


@transaction.atomic
def take_back(request, *, actor, now):
    """Nobody can answer any more: the link is dead from this moment. Raises Blocked once somebody has."""
    request = _lock_own(request, actor)
    policies.check_not_settled(request)
    _end_links(request, now=now)
    request.ended_at = now
    request.save(update_fields=["ended_at"])


@transaction.atomic
def leave_out(request, *, actor, left_out):
    """Whether what this person answered goes along when the piece is submitted. What they wrote stays."""
    request = _lock_own(request, actor)
    request.left_out = left_out
    request.save(update_fields=["left_out"])


def holder_of(token, *, now):
    """The ObserverLink with this token, while it works; its request, piece and worker with it. One query."""
    link = (
        ObserverLink.objects.filter(
            token_sha256=observer_links.fingerprint(token),
            used_at=None,
            ended_at=None,
            expires_at__gt=now,
            request__ended_at=None,
            request__evidence__removed_at=None,
            request__evidence__worker__is_active=True,
            request__evidence__worker__post__isnull=False,
        )
        .select_related("request__evidence__worker__post__team__service")
        .first()
    )
    if link is None:
        raise NoSuchLink
    return link


def answered_before(token, key):
    """Whether what was sent with this form came by this link already: a button pressed twice. One query."""
    return Testimony.objects.filter(link__token_sha256=observer_links.fingerprint(token), key=key).exists()


@transaction.atomic
def answer(token, *, key, name, role, organisation, observed, words, stays, now):
    """Keep what the observer says, sealed, and use the link up. Returns the Testimony. Raises NoSuchLink.

    `stays` are {where, kind, reason} for each passage that looks like family data and stays.
    """
    piece = holder_of(token, now=now).request.evidence
    Evidence.objects.select_for_update(no_key=True).get(pk=piece.pk)
    link = (
        ObserverLink.objects.select_for_update(no_key=True, of=("self", "request"))
        .select_related("request")
        .filter(token_sha256=observer_links.fingerprint(token), used_at=None, ended_at=None)
        .first()
    )
    if link is None:
        raise NoSuchLink
    last = Testimony.objects.filter(request__evidence=piece).order_by("-pk").first()
    request = link.request
    content = {
        "name": name,
        "role": role,
        "organisation": organisation,
        "observed": observed,
        "words": words,
        "stays": stays,
        "given_at": now.isoformat(),
        "asked": {
            "name": request.name,
            "email": request.email,
            "relation": request.relation,
            "message": request.message,
            "asked_at": request.asked_at.isoformat(),
        },
        "shown": request.shown,
        "evidence": piece.pk,
        "previous": last.sha256 if last else "",
    }
    link.used_at = now
    link.save(update_fields=["used_at"])
    return Testimony.objects.create(
        request=request,
        link=link,
        key=key,
        content=content,
        previous=content["previous"],
        sha256=fingerprint(content),
        given_at=now,
    )


def _shown(piece, texts, files):
    """What the observer may read: what the worker named, and of files only those that are safe."""
    asks = ASKED[piece.kind]
    kept = Attachment.objects.filter(evidence=piece, removed_at=None, scan=ScanState.SAFE, token__in=files)
    return {
        "kind": piece.get_kind_display(),
        "title": piece.title,
        "dated": asks.dated.label,
        "practised_on": piece.practised_on and piece.practised_on.isoformat(),
        "texts": [
            [text.label, getattr(piece, text.field)]
            for text in asks.texts
            if text.field in texts and getattr(piece, text.field)
        ],
        "files": [
            {"token": str(file.token), "name": file.name, "size": file.size, "sha256": file.sha256}
            for file in kept.order_by("pk")
        ],
    }


def _send_link(request, *, now):
    key = uuid.uuid4()
    ObserverLink.objects.create(
        request=request,
        key=key,
        token_sha256=observer_links.fingerprint(observer_links.token_of(key)),
        made_at=now,
        expires_at=now + observer_links.LASTS,
        try_at=now,
    )
    transaction.on_commit(observer_mail.nudge)


def _end_links(request, *, now):
    """End the link that there is, whether or not its time has run out."""
    request.links.filter(ended_at=None, used_at=None).update(ended_at=now)


def _lock_own(request, actor):
    _lock_worker(request.evidence.worker_id)
    locked = ObserverRequest.objects.select_for_update(no_key=True, of=("self",))
    request = locked.select_related("evidence").get(pk=request.pk)
    permissions.check_keeps_evidence(actor)
    permissions.check_is_own(actor, request.evidence)
    return request


def _lock_worker(worker_id):
    """Nobody else asks in this worker's name until this is done: so that the limits hold."""
    Post.objects.select_for_update(no_key=True).filter(holder=worker_id).first()
