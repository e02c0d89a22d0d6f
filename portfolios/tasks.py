"""What Celery does for portfolios: scanning and housekeeping of files."""

from datetime import timedelta

from celery import shared_task
from django.apps import apps
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from portfolios import attachments, bringing_transitions, observer_mail, scanning, working
from portfolios.hold_policies import held_people
from portfolios.models import Attachment, BringingBack

# A file younger than this may belong to a save that has not ended.
SETTLED = timedelta(days=1)
BATCH = 500


@shared_task
def scan_files():
    """Have every file that waits scanned. Beat and each upload start it; many may run at once."""
    scanning.scan_waiting(now=timezone.now)


@shared_task
def bring_exports_back():
    """Bring every export back that waits, one after another. Beat and each upload start it."""
    working.do_all(
        BringingBack,
        lambda waiting: bringing_transitions.bring(waiting, now=timezone.now),
        now=timezone.now,
    )


@shared_task
def send_observer_links():
    """Send the links that wait. Beat and each request start it; many may run at once."""
    observer_mail.send_due()


@shared_task
def sweep_attachments():
    """Delete the files that nobody can reach again: taken off their evidence, or left behind by a crash.

    A file that a submission holds stays for good, and one of somebody's on whom a legal hold stands until it
    ends. Run as often as one likes.
    """
    _delete_removed()
    _delete_without_row(now=timezone.now())


def _delete_removed():
    while True:
        with transaction.atomic():
            rows = list(
                Attachment.objects.select_for_update(skip_locked=True, of=("self",))
                .filter(removed_at__isnull=False, submitted_at__isnull=True)
                .exclude(evidence__worker__in=held_people())[:BATCH]
            )
            Attachment.objects.filter(pk__in=[row.pk for row in rows]).delete()
        # After the commit: a crash in between leaves files without a row, which the next sweep finds.
        for row in rows:
            attachments.discard(row.stored_as)
        if len(rows) < BATCH:
            return


def _delete_without_row(*, now):
    old = [name for name, changed in default_storage.kept() if now - changed > SETTLED]
    for start in range(0, len(old), BATCH):
        names = old[start : start + BATCH]
        kept = set()
        for keeper in _keepers():
            kept |= set(keeper.objects.filter(stored_as__in=names).values_list("stored_as", flat=True))
        for name in names:
            if name not in kept:
                attachments.discard(name)


def _keepers():
    """Every table whose rows name files here, whichever package it is of."""
    return [
        model
        for model in apps.get_models()
        if any(field.name == "stored_as" for field in model._meta.concrete_fields)
    ]
