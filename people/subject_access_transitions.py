"""Exports of everything about a person: asked for, made a moment later, kept a week, then swept."""

import hashlib
import logging
import secrets
import tempfile
from datetime import timedelta
from pathlib import Path

from celery import current_app
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from kombu.exceptions import OperationalError

from people import account_letters, audit, subject_access
from people.models import DataExport
from people.sign_in_models import Letter
from people.subject_access_permissions import check_can_download, check_can_export

log = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=7)
FIRST_WAIT = timedelta(minutes=2)
LONGEST_WAIT = timedelta(hours=1)


@transaction.atomic
def ask_for_export(person, *, actor, why="", now):
    """Have everything about `person` put together for `actor`. One that waits already will do.

    The person is told when somebody else asks: what is in it nobody else may read otherwise.
    """
    check_can_export(actor, person)
    audit.note_read(person, about=[person.pk], words="asked for everything about them")
    if actor.pk != person.pk:
        account_letters.ask_for(Letter.DATA_ASKED_FOR, person.email, now=now)
    DataExport.objects.bulk_create(
        [DataExport(person=person, asked_by=actor, why=why, asked_at=now, try_at=now)], ignore_conflicts=True
    )
    transaction.on_commit(_nudge)


@transaction.atomic
def claim(*, now):
    """An export to be made, for this caller alone for a while; None if none waits."""
    waiting = (
        DataExport.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
        .select_related("person")
        .filter(made_at=None, try_at__lte=now)
        .order_by("try_at", "id")
        .first()
    )
    if waiting is not None:
        waiting.try_at = now + min(FIRST_WAIT * 2 ** min(waiting.attempts, 10), LONGEST_WAIT)
        waiting.attempts += 1
        waiting.save(update_fields=["try_at", "attempts"])
    return waiting


def make(export, *, now):
    """Put it together and keep it. Raises OSError on a full disk, and leaves nothing then."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.zip"
        subject_access.write(export.person, path, now=now)
        with path.open("rb") as made:
            sha256 = hashlib.file_digest(made, "sha256").hexdigest()
            size = made.tell()
            made.seek(0)
            random = secrets.token_hex(16)
            stored_as = default_storage.save(f"{random[:2]}/{random}", File(made))
    said = {"stored_as": stored_as, "size": size, "sha256": sha256, "made_at": now, "last_fault": ""}
    # Another process may have made it meanwhile.
    if not DataExport.objects.filter(pk=export.pk, made_at=None).update(**said):
        default_storage.delete(stored_as)


def note_fault(export, fault):
    """Keep what kind of fault it was, and nothing of the content."""
    DataExport.objects.filter(pk=export.pk, made_at=None).update(last_fault=type(fault).__name__[:200])


def download(export, *, actor):
    """The file, open for reading, noted in the audit. Raises NotAllowed, FileNotFoundError."""
    check_can_download(actor, export)
    audit.note_read(export, about=[export.person_id], words="downloaded everything about them")
    return default_storage.open(export.stored_as)


def sweep(*, now):
    """Delete the files that were made a week ago: the row says so first."""
    for export in DataExport.objects.filter(made_at__lte=now - KEPT_FOR, swept_at=None):
        DataExport.objects.filter(pk=export.pk).update(swept_at=now, stored_as="")
        default_storage.delete(export.stored_as)


def _nudge():
    """Ask Celery to begin at once. Beat does so within seconds, so a queue that is down does no harm."""
    try:
        current_app.send_task("people.tasks.make_exports", retry=False, expires=10)
    except OperationalError:
        log.info("The queue is down: what was asked for is put together when it is back.")
