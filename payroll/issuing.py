"""How documents come to be made: what waits is claimed, made once and for good, and a fault is kept.

The same for forms to payroll and for letters. Decisions do not wait for it: Celery does it a moment later.
"""

import hashlib
import logging
from datetime import timedelta

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from payroll import sealing
from payroll.models import IssuedDocument, Letter, PayForm

logger = logging.getLogger(__name__)

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)


@transaction.atomic
def claim(*, now):
    """A PayForm or Letter whose PDF is to be made, for this caller alone for a while; None if nothing waits.

    Each time it is claimed the wait until the next grows, so that one that cannot be made holds up no other.
    """
    forms = PayForm.objects.filter(stopped_at__isnull=True)
    waiting = _first_waiting(forms, now) or _first_waiting(Letter.objects, now)
    if waiting is not None:
        waiting.try_at = now + min(FIRST_WAIT * 2 ** min(waiting.attempts, 10), LONGEST_WAIT)
        waiting.attempts += 1
        waiting.save(update_fields=["attempts", "try_at"])
    return waiting


def _first_waiting(documents, now):
    return (
        documents.select_for_update(skip_locked=True)
        .filter(issued_at__isnull=True, try_at__lte=now)
        .order_by("try_at", "id")
        .first()
    )


def note_fault(waiting, fault):
    """Keep what kind of fault kept a form’s or letter’s PDF from being made, and nothing of what it says."""
    type(waiting).objects.filter(pk=waiting.pk, issued_at__isnull=True).update(
        last_fault=type(fault).__name__[:200]
    )


def keep(kind, filename, content, *, now, pay_form=None, letter=None):
    """Seal a document and keep it as it is issued, with the fingerprint of its bytes.

    Returns the IssuedDocument. Raises sealing.NoKey.
    """
    content = sealing.seal(content)
    return IssuedDocument.objects.create(
        pay_form=pay_form,
        letter=letter,
        kind=kind,
        filename=filename,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        issued_at=now,
    )


def nudge():
    """Have Celery begin once this transaction is done; Beat does anyway, should the queue be down."""
    transaction.on_commit(_send)


def _send():
    try:
        current_app.send_task("payroll.tasks.issue_documents", retry=False, expires=10)
    except OperationalError:
        logger.info("The queue is down: what waits is issued when it is back.")
