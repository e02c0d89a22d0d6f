"""What somebody asked for and waits for: claimed by one process, told of step by step, done or given up.

A process at work holds no lock meanwhile. What it has claimed is its own for a while, which every step it
tells of lengthens; should it be killed, another takes the work up once that while is over. What comes of it
counts from the moment at which the row says so: before that there is nothing.
"""

import logging
import shutil
import tempfile
import time
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

from celery import current_app
from django.db import connection, transaction
from django.db.models import Q
from kombu.exceptions import OperationalError

from portfolios import attachments
from portfolios.models import BringingBack, Pack

log = logging.getLogger(__name__)

KINDS = (Pack, BringingBack)
A_STEP = timedelta(minutes=2)
"""How long one step may take before the work is taken to have been abandoned."""
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
MOST_ATTEMPTS = 5
AT_ONCE = 1
"""How many are worked on at the same time: the rest of the service must not wait for them."""
KEPT_FOR = timedelta(days=7)
FOLDER = "pack-being-made-"
LEFT_FOR = timedelta(days=1)
CLAIMING = 704_003
"""The advisory lock under which one process at a time claims: any number that nothing else takes."""


class TakenOver(Exception):
    """This took so long that another process has begun on it, or it is not wanted any more."""


@contextmanager
def working_folder():
    """A Path to make something in, gone afterwards. What a killed process left goes a day later."""
    for left in Path(tempfile.gettempdir()).glob(f"{FOLDER}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > LEFT_FOR.total_seconds():
                shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=FOLDER) as folder:
        yield Path(folder)


def do_all(kind, do, *, now):
    """Have `do` work on every row of the kind that waits, one after another. `now` is called for the time.

    What goes wrong with one is noted, and it is tried again later.
    """
    while waiting := claim(kind, now=now()):
        name = f"{kind._meta.object_name} {waiting.pk}"
        try:
            do(waiting)
        except TakenOver:
            log.warning("%s took too long: another process has it", name)
        except Exception as fault:
            # Its traceback could quote what is in it.
            log.error("%s could not be done: %s", name, type(fault).__name__)  # noqa: TRY400
            note_fault(waiting, fault, now=now())


@transaction.atomic
def claim(kind, *, now):
    """A row to be worked on, for this caller alone for a while; None if none waits, or enough are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [CLAIMING])
        if not cursor.fetchone()[0]:
            return None
    if sum(_at_work(one, now) for one in KINDS) >= AT_ONCE:
        return None
    due = (
        _waiting(kind)
        .filter(try_at__lte=now)
        .select_for_update(no_key=True, skip_locked=True, of=("self",))
        .select_related("asked_by")
    )
    for given_up in due.filter(attempts__gte=MOST_ATTEMPTS):
        end(given_up, failed_at=now)
    row = due.order_by("try_at", "id").first()
    if row is not None:
        row.attempts += 1
        row.stage, row.done, row.total = row.STAGES.values[1], 0, 0
        row.try_at = now + A_STEP
        row.save(update_fields=["attempts", "stage", "done", "total", "try_at"])
    return row


def tell(row, stage, *, done, total, now, for_so_long=A_STEP):
    """Let whoever waits know how far it is, and keep the work for this process. Raises TakenOver.

    Within a transaction nobody else takes it over until that ends.
    """
    said = {"stage": stage, "done": done, "total": total, "try_at": now + for_so_long}
    if not still_ours(row).update(**said):
        raise TakenOver


def end(row, **said):
    """Write how it ended. A file that waited to be read is deleted, once that is committed."""
    given, row.stored_as = row.stored_as, ""
    for name, value in said.items():
        setattr(row, name, value)
    row.save(update_fields=["stored_as", *said])
    if given:
        transaction.on_commit(lambda: attachments.discard(given))


@transaction.atomic
def note_fault(row, fault, *, now):
    """Keep what kind of fault it was, nothing of the content, and try again later, longer each time."""
    row = still_ours(row).select_for_update(no_key=True).first()
    if row is None:
        return
    row.last_fault = type(fault).__name__[:200]
    row.stage, row.done, row.total = row.STAGES.values[0], 0, 0
    row.try_at = now + min(FIRST_WAIT * 2 ** (row.attempts - 1), LONGEST_WAIT)
    row.save(update_fields=["last_fault", "stage", "done", "total", "try_at"])
    if row.attempts >= MOST_ATTEMPTS:
        end(row, failed_at=now)


@transaction.atomic
def sweep(*, now):
    """Delete what ended a week ago."""
    for kind in KINDS:
        drop(kind.objects.filter(Q(made_at__lte=now - KEPT_FOR) | Q(failed_at__lte=now - KEPT_FOR)))


def drop(rows):
    """Delete these rows, of one kind, and, once that is committed, their files."""
    found = list(rows.select_for_update(skip_locked=True, of=("self",)))
    rows.model.objects.filter(pk__in=[row.pk for row in found]).delete()
    for row in found:
        if row.stored_as:
            transaction.on_commit(lambda stored_as=row.stored_as: attachments.discard(stored_as))


def still_ours(row):
    """The row while it is worked on by the process that claimed it so."""
    return _waiting(type(row)).filter(pk=row.pk, attempts=row.attempts)


def nudge(task):
    """Ask Celery to begin at once. Beat does so within seconds, so a queue that is down does no harm."""
    try:
        current_app.send_task(task, retry=False, expires=10)
    except OperationalError:
        log.info("The queue is down: what was asked for is done when it is back.")


def _waiting(kind):
    return kind.objects.filter(made_at=None, failed_at=None)


def _at_work(kind, now):
    return _waiting(kind).exclude(stage=kind.STAGES.values[0]).filter(try_at__gt=now).count()
