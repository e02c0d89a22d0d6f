"""What Celery does for reviews: puts papers together, of hearings and for somebody to keep."""

import logging

from celery import shared_task
from django.utils import timezone

from portfolios import export_writing, working
from portfolios.models import Pack, PackKind
from reviews import bundle, bundle_transitions, pack

log = logging.getLogger(__name__)

MAKERS = {
    PackKind.PORTFOLIO: pack.make,
    PackKind.SUBMISSION: pack.make,
    PackKind.EXPORT: export_writing.make,
}


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


@shared_task
def make_packs():
    """Make every pack that waits, one after another. Beat and each button start it."""
    working.do_all(Pack, lambda pack: MAKERS[pack.kind](pack, now=timezone.now), now=timezone.now)


@shared_task
def sweep_packs():
    """Delete what nobody can download any longer, and what came of exports that were brought back."""
    working.sweep(now=timezone.now())
