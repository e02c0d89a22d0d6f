"""What somebody is to keep: asked for by a button, put together a moment later, swept away after a week.

A process that makes one holds no lock meanwhile. What it has claimed is its own for a while, which every step
it tells of lengthens; should it be killed, another takes the work up once that while is over. What it made
counts from the moment at which its file is stored and the row says so: before that there is nothing.
"""

import hashlib
import logging
import secrets
import shutil
import tempfile
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from celery import current_app
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import Q
from kombu.exceptions import OperationalError

from portfolios import attachments
from portfolios.models import Pack, PackKind, PackStage, Portfolio, Submission

log = logging.getLogger(__name__)

MAKE = "reviews.tasks.make_packs"
A_STEP = timedelta(minutes=2)
"""How long one step may take before the work is taken to have been abandoned."""
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
MOST_ATTEMPTS = 5
AT_ONCE = 1
"""How many are made at the same time: the rest of the service must not wait for them."""
KEPT_FOR = timedelta(days=7)
WORKING = "pack-being-made-"
LEFT_FOR = timedelta(days=1)
CLAIMING = 704_003
"""The advisory lock under which one process at a time claims: any number that nothing else takes."""


class TakenOver(Exception):
    """This took so long that another process has begun on it, or it is not wanted any more."""


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


@contextmanager
def working_folder():
    """A Path to make something in, gone afterwards. What a killed process left goes a day later."""
    for left in Path(tempfile.gettempdir()).glob(f"{WORKING}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > LEFT_FOR.total_seconds():
                shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=WORKING) as folder:
        yield Path(folder)


@transaction.atomic
def ask_for(wanted, *, actor, now):
    """Have it put together for `actor`, whom the caller knows to be let see it. One that waits will do."""
    Pack.objects.bulk_create(
        [Pack(**wanted.of(actor), asked_at=now, try_at=now)],
        ignore_conflicts=True,
    )
    transaction.on_commit(_nudge)


@transaction.atomic
def claim(*, now):
    """A Pack to be made, for this caller alone for a while; None if none waits, or enough are being made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [CLAIMING])
        if not cursor.fetchone()[0]:
            return None
    waiting = Pack.objects.filter(made_at=None, failed_at=None)
    if waiting.exclude(stage=PackStage.WAITING).filter(try_at__gt=now).count() >= AT_ONCE:
        return None
    waiting.filter(attempts__gte=MOST_ATTEMPTS, try_at__lte=now).update(failed_at=now)
    pack = (
        waiting.select_for_update(no_key=True, skip_locked=True, of=("self",))
        .select_related("asked_by")
        .filter(try_at__lte=now)
        .order_by("try_at", "id")
        .first()
    )
    if pack is not None:
        pack.attempts += 1
        pack.stage, pack.done, pack.total = PackStage.FILES, 0, 0
        pack.try_at = now + A_STEP
        pack.save(update_fields=["attempts", "stage", "done", "total", "try_at"])
    return pack


def tell(pack, stage, *, done, total, now, for_so_long=A_STEP):
    """Let whoever waits know how far it is, and keep the work for this process. Raises TakenOver."""
    said = {"stage": stage, "done": done, "total": total, "try_at": now + for_so_long}
    if not _still_ours(pack).update(**said):
        raise TakenOver


def keep(pack, path, *, pages=None, now):
    """Store the file at `path` and say that the pack is made. Raises TakenOver; OSError on a full disk."""
    with path.open("rb") as made:
        sha256 = hashlib.file_digest(made, "sha256").hexdigest()
        size = made.tell()
        made.seek(0)
        random = secrets.token_hex(16)
        stored_as = default_storage.save(f"{random[:2]}/{random}", File(made))
    said = {"stored_as": stored_as, "size": size, "sha256": sha256, "pages": pages, "made_at": now}
    try:
        with transaction.atomic():
            if not _still_ours(pack).update(**said, last_fault=""):
                raise TakenOver
            same = {name: getattr(pack, f"{name}_id") for name in ("asked_by", "portfolio", "submission")} | {
                "kind": pack.kind
            }
            _drop(Pack.objects.filter(**same).exclude(pk=pack.pk))
    except BaseException:
        attachments.discard(stored_as)
        raise


def note_fault(pack, fault, *, now):
    """Keep what kind of fault it was, nothing of the content, and try again later, longer each time."""
    wait = min(FIRST_WAIT * 2 ** (pack.attempts - 1), LONGEST_WAIT)
    said = {"last_fault": type(fault).__name__[:200], "stage": PackStage.WAITING, "done": 0, "total": 0}
    given_up = {"failed_at": now} if pack.attempts >= MOST_ATTEMPTS else {}
    _still_ours(pack).update(**said, **given_up, try_at=now + wait)


@transaction.atomic
def sweep(*, now):
    """Delete what was made, or given up, a week ago."""
    old = now - KEPT_FOR
    _drop(Pack.objects.filter(Q(made_at__lte=old) | Q(failed_at__lte=old)))


def _drop(packs):
    """Delete these rows and, once that is committed, their files."""
    rows = list(packs.select_for_update(skip_locked=True, of=("self",)))
    Pack.objects.filter(pk__in=[row.pk for row in rows]).delete()
    for row in rows:
        if row.stored_as:
            transaction.on_commit(lambda stored_as=row.stored_as: attachments.discard(stored_as))


def _still_ours(pack):
    return Pack.objects.filter(pk=pack.pk, attempts=pack.attempts, made_at=None, failed_at=None)


def _nudge():
    """Ask Celery to begin at once. Beat does so within seconds, so a queue that is down does no harm."""
    try:
        current_app.send_task(MAKE, retry=False, expires=10)
    except OperationalError:
        log.info("The queue is down: what was asked for is made when it is back.")
