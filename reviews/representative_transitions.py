"""Who speaks for the worker, and the link by which they read the papers without an account. R20.

Of a link only the SHA-256 is kept. It works once, until the day after the hearing at most, and not after it
was taken back. Each verb reads: lock, who, when, write, history, tell.
"""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction

from people.permissions import NotAllowed
from progression.permissions import check_is_worker
from progression.states import State
from progression.transitions import lock, record
from reviews import appeal_policies, bundle_transitions
from reviews.models import Appeal, Representative
from reviews.permissions import check_can_send_link

LASTS = timedelta(days=14)
AFTER_HEARING = timedelta(days=1)


class NoSuchLink(Exception):
    """Wrong, used, expired or taken back: whoever holds it is not told which."""


@transaction.atomic
def name_representative(application, *, actor, name, organisation, email, now):
    """The worker says who speaks for them; whoever did before no longer does, and their link is dead. R20."""
    application = lock(application, State.UNDER_APPEAL)
    check_is_worker(actor, application)
    appeal_policies.check_may_be_represented(application)
    appeal = Appeal.objects.select_for_update().get(application=application)
    _remove_from(appeal, now=now)
    representative = Representative.objects.create(
        appeal=appeal, name=name.strip(), organisation=organisation.strip(), email=email.strip(), named_at=now
    )
    record(application, actor=actor, verb="named a representative", now=now)
    bundle_transitions.ask_for_bundle(appeal, now=now)
    return representative


@transaction.atomic
def remove_representative(application, *, actor, now):
    """The worker speaks for themselves; the link is dead from this moment. R20."""
    application = lock(application, State.UNDER_APPEAL)
    check_is_worker(actor, application)
    appeal = Appeal.objects.select_for_update().get(application=application)
    if _remove_from(appeal, now=now):
        record(application, actor=actor, verb="has no representative now", now=now)
        bundle_transitions.ask_for_bundle(appeal, now=now)


@transaction.atomic
def make_link(application, *, actor, now):
    """A new link for the representative, in place of any before. Returns its token, which is kept nowhere.

    The worker makes it, or whoever hears the review.
    """
    application = lock(application, State.UNDER_APPEAL)
    by = {"actor": actor, "on_behalf_of": check_can_send_link(actor, application)}
    appeal = Appeal.objects.select_for_update().get(application=application)
    representative = _of(appeal)
    token = secrets.token_urlsafe(32)
    representative.token_sha256 = fingerprint(token)
    representative.link_made_at = now
    representative.link_expires_at = _expires(appeal, now=now)
    representative.link_used_at = None
    representative.save()
    record(application, **by, verb="made a link for the representative", now=now)
    return token


@transaction.atomic
def revoke_link(application, *, actor, now):
    """Take the link back: it opens nothing from this moment."""
    application = lock(application, State.UNDER_APPEAL)
    by = {"actor": actor, "on_behalf_of": check_can_send_link(actor, application)}
    appeal = Appeal.objects.select_for_update().get(application=application)
    representative = _of(appeal)
    if representative.token_sha256:
        _kill_link(representative)
        record(application, **by, verb="took the link back", now=now)


def holder_of(token, *, now):
    """The Representative whose link this is, while it works. Raises NoSuchLink. One query."""
    found = Representative.objects.filter(
        token_sha256=fingerprint(token),
        link_used_at=None,
        link_expires_at__gt=now,
        removed_at=None,
        appeal__application__state=State.UNDER_APPEAL,
    ).select_related("appeal__application__worker")
    representative = found.first()
    if representative is None:
        raise NoSuchLink
    return representative


@transaction.atomic
def use_link(token, *, now):
    """Use the link, once. Returns (the newest Bundle made, the case's reference).

    The Bundle is None, and nothing is used, while the papers are still being put together. Raises NoSuchLink.
    """
    representative = holder_of(token, now=now)
    application = lock(representative.appeal.application, State.UNDER_APPEAL)
    representative = Representative.objects.select_for_update().get(pk=representative.pk)
    if representative.token_sha256 != fingerprint(token) or representative.link_used_at is not None:
        raise NoSuchLink
    bundle = bundle_transitions.newest_made(representative.appeal)
    if bundle is None:
        return None, application.reference
    representative.link_used_at = now
    representative.save(update_fields=["link_used_at"])
    record(
        application,
        actor=None,
        verb="the representative opened the papers",
        now=now,
        detail={"bundle": bundle.number, "by": representative.name},
    )
    return bundle, application.reference


def fingerprint(token):
    return hashlib.sha256(token.encode()).hexdigest()


def _of(appeal):
    representative = Representative.objects.select_for_update().filter(appeal=appeal, removed_at=None).first()
    if representative is None:
        raise NotAllowed("Name a representative first.")
    return representative


def _remove_from(appeal, *, now):
    before = Representative.objects.select_for_update().filter(appeal=appeal, removed_at=None).first()
    if before is None:
        return False
    _kill_link(before)
    before.removed_at = now
    before.save(update_fields=["removed_at"])
    return True


def _kill_link(representative):
    representative.token_sha256 = ""
    representative.link_made_at = representative.link_expires_at = representative.link_used_at = None
    representative.save()


def _expires(appeal, *, now):
    hearing = appeal_policies.latest_hearing(appeal)
    if hearing is None or hearing.starts_at < now:
        return now + LASTS
    return min(now + LASTS, hearing.starts_at + AFTER_HEARING)
