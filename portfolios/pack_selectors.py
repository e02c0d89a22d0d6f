"""Every read of what somebody asked to keep, each in a fixed number of queries."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from portfolios.models import Attachment, Evidence, Pack, PackKind
from portfolios.working import KEPT_FOR


@dataclass(frozen=True)
class Asked:
    """What somebody sees of their packs of one thing: the one that `waits`, `made` last, or `failed`."""

    waits: Pack | None
    made: Pack | None
    failed: Pack | None
    changed: bool
    """Whether the worker's evidence has changed since the last one was made."""
    until: datetime | None
    """When the one made is swept away."""


def asked(person, wanted):
    """This person's packs of it. Three queries at most."""
    packs = list(Pack.objects.filter(**wanted.of(person)).order_by("-asked_at", "-id")[:4])
    made = next((pack for pack in packs if pack.made_at), None)
    newest = packs[0] if packs else None
    return Asked(
        waits=next((pack for pack in packs if pack.is_waiting), None),
        made=made,
        failed=newest if newest and newest.failed_at else None,
        changed=bool(made and wanted.kind != PackKind.SUBMISSION and _changed(person, made.asked_at)),
        until=made.made_at + KEPT_FOR if made else None,
    )


def made_for(person, wanted):
    """The one that was made last for this person, or None. One query."""
    found = Pack.objects.filter(**wanted.of(person), made_at__isnull=False)
    return found.order_by("-asked_at", "-id").first()


def _changed(worker, since):
    """Whether anything in the worker's bank was changed after `since`. Two queries at most."""
    pieces = Evidence.objects.filter(worker=worker)
    files = Attachment.objects.filter(evidence__worker=worker)
    return (
        pieces.filter(Q(updated_at__gt=since) | Q(removed_at__gt=since)).exists()
        or files.filter(
            Q(added_at__gt=since) | Q(removed_at__gt=since) | Q(scan_settled_at__gt=since)
        ).exists()
    )
