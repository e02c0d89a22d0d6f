"""The papers of a hearing as one PDF: asked for with each change to them, made a moment later. R20."""

import hashlib
import logging
from datetime import timedelta

from celery import current_app
from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery
from kombu.exceptions import OperationalError

from payroll import sealing
from reviews.models import Appeal, AppealDocument, Bundle

log = logging.getLogger(__name__)

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)


def ask_for_bundle(appeal, *, now):
    """Have the papers put together anew, in the transaction that changes them; one not begun will do."""
    latest = Bundle.objects.select_for_update().filter(appeal=appeal).defer("content").first()
    if latest is None or latest.attempts:
        Bundle.objects.create(
            appeal=appeal, number=latest.number + 1 if latest else 1, asked_at=now, try_at=now
        )
    transaction.on_commit(_nudge)


@transaction.atomic
def ask_again_once_scanned(*, now):
    """Have the papers put together anew where a document was scanned after they were last asked for."""
    newest = Bundle.objects.filter(appeal=OuterRef("pk")).order_by("-number")
    late = AppealDocument.objects.filter(
        appeal=OuterRef("pk"), removed_at=None, scan_settled_at__gt=OuterRef("last_asked_at")
    )
    appeals = Appeal.objects.annotate(last_asked_at=Subquery(newest.values("asked_at")[:1]))
    for appeal in appeals.filter(Exists(late)).select_for_update(no_key=True, skip_locked=True, of=("self",)):
        ask_for_bundle(appeal, now=now)


@transaction.atomic
def claim(*, now):
    """A bundle to be made, for this caller alone for a while; None if none waits.

    Only the latest of each review: an older one would be out of date. Each claim lengthens the wait until the
    next, so that one that cannot be made holds up no other.
    """
    newest = Bundle.objects.filter(appeal=OuterRef("appeal")).order_by("-number").values("number")[:1]
    bundle = (
        Bundle.objects.select_for_update(skip_locked=True)
        .filter(made_at=None, try_at__lte=now, number=Subquery(newest))
        .order_by("try_at", "id")
        .first()
    )
    if bundle is not None:
        bundle.try_at = now + min(FIRST_WAIT * 2 ** min(bundle.attempts, 10), LONGEST_WAIT)
        bundle.attempts += 1
        bundle.save(update_fields=["attempts", "try_at"])
    return bundle


@transaction.atomic
def keep(bundle, content, *, pages, now):
    """Seal and keep a bundle, once and for good. Returns the Bundle. Raises sealing.NoKey."""
    bundle = Bundle.objects.select_for_update().defer("content").get(pk=bundle.pk)
    if bundle.made_at is None:
        content = sealing.seal(content)
        bundle.content = content
        bundle.sha256 = hashlib.sha256(content).hexdigest()
        bundle.pages = pages
        bundle.made_at = now
        bundle.last_fault = ""
        bundle.save(update_fields=["content", "sha256", "pages", "made_at", "last_fault"])
    return bundle


def note_fault(bundle, fault):
    """Keep, for whoever looks after the service, what went wrong: its kind, and nothing of the papers."""
    Bundle.objects.filter(pk=bundle.pk, made_at=None).update(last_fault=type(fault).__name__[:200])


def newest_made(appeal):
    """The latest bundle that has been made, with its bytes, or None. One query."""
    return Bundle.objects.filter(appeal=appeal, made_at__isnull=False).order_by("-number").first()


def _nudge():
    """Ask Celery to begin at once. Beat does so within seconds, so a queue that is down does no harm."""
    try:
        current_app.send_task("reviews.tasks.make_bundles", retry=False, expires=10)
    except OperationalError:
        log.info("The queue is down: the papers are put together when it is back.")
