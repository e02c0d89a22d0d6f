"""What somebody is to keep: asked for by a button, put together a moment later, swept away after a week.

How such work is claimed, told of and given up is in `working`. What it made counts from the moment at which
its file is stored and the row says so.
"""

import hashlib
from dataclasses import dataclass

from django.db import transaction

from portfolios import attachments, working
from portfolios.models import Pack, PackKind, Portfolio, Submission

MAKE = "reviews.tasks.make_packs"


@dataclass(frozen=True)
class Wanted:
    """Of what somebody wants a pack."""

    kind: PackKind
    portfolio: Portfolio | None = None
    submission: Submission | None = None

    def of(self, person):
        """The fields of this person's packs of it."""
        return {
            "asked_by": person,
            "kind": self.kind,
            "portfolio": self.portfolio,
            "submission": self.submission,
        }


@transaction.atomic
def ask_for(wanted, *, actor, now):
    """Have it put together for `actor`, whom the caller knows to be let see it. One that waits will do."""
    Pack.objects.bulk_create(
        [Pack(**wanted.of(actor), asked_at=now, try_at=now)],
        ignore_conflicts=True,
    )
    transaction.on_commit(lambda: working.nudge(MAKE))


def keep(pack, path, *, pages=None, now):
    """Store the file at `path` and say that the pack is made. Raises TakenOver; OSError on a full disk."""
    with path.open("rb") as made:
        sha256 = hashlib.file_digest(made, "sha256").hexdigest()
        size = made.tell()
        made.seek(0)
        stored_as = attachments.put_away(made)
    said = {"stored_as": stored_as, "size": size, "sha256": sha256, "pages": pages, "made_at": now}
    try:
        with transaction.atomic():
            if not working.still_ours(pack).update(**said, last_fault=""):
                raise working.TakenOver
            same = {name: getattr(pack, f"{name}_id") for name in ("asked_by", "portfolio", "submission")} | {
                "kind": pack.kind
            }
            working.drop(Pack.objects.filter(**same).exclude(pk=pack.pk))
    except BaseException:
        attachments.discard(stored_as)
        raise
