"""What Celery does for reviews: puts the papers of hearings together."""

import logging

from celery import shared_task
from django.utils import timezone

from reviews import bundle, bundle_transitions

log = logging.getLogger(__name__)


@shared_task
def make_bundles():
    """Make every bundle that waits. Beat and each change start it; however many run at once, all is well."""
    bundle_transitions.ask_again_once_scanned(now=timezone.now())
    while waiting := bundle_transitions.claim(now=timezone.now()):
        try:
            content, pages = bundle.make(waiting, now=timezone.now())
            bundle_transitions.keep(waiting, content, pages=pages, now=timezone.now())
        except Exception as fault:
            # Its traceback could quote the papers: the kind of fault and the bundle's number are enough.
            log.error("Bundle %s could not be made: %s", waiting.pk, type(fault).__name__)  # noqa: TRY400
            bundle_transitions.note_fault(waiting, fault)
