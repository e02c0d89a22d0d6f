"""Checking the audit's chain: asked for by the auditor or the calendar, done by Celery."""

import logging
from datetime import timedelta

from django.core.mail import mail_admins
from django.db import transaction
from django.utils import timezone

from people import audit, audit_chain
from people.policies import Blocked
from progression import permissions
from progression.models import AuditCheck

log = logging.getLogger(__name__)

EVERY = timedelta(hours=24)


@transaction.atomic
def ask_for_check(*, actor, now):
    """Have the whole chain checked in the background. Returns the AuditCheck. Raises Blocked if it is."""
    permissions.check_reads_audit(actor)
    if AuditCheck.objects.filter(done_at__isnull=True).exists():
        raise Blocked("The chain is being checked already. Come back in a minute.")
    return AuditCheck.objects.create(asked_at=now, asked_by=actor)


def check_what_is_asked(*, now):
    """Do the check that waits, or the day's own. Returns the AuditCheck, or None if none is due.

    What is found stands in its row, and outside the database in the chain's list of heads. A fault alerts.
    """
    with transaction.atomic():
        waiting = (
            AuditCheck.objects.select_for_update(no_key=True, skip_locked=True)
            .filter(done_at__isnull=True)
            .order_by("id")
            .first()
        )
        if waiting is None:
            if AuditCheck.objects.filter(asked_at__gt=now - EVERY).exists():
                return None
            waiting = AuditCheck.objects.create(asked_at=now)
        verdict = audit_chain.verify(heads=audit_chain.noted_heads())
        waiting.done_at = timezone.now()
        waiting.number, waiting.hash, waiting.fault = verdict.number, verdict.hash, verdict.fault
        waiting.save(update_fields=["done_at", "number", "hash", "fault"])
        if verdict.fault:
            audit.note(audit.AuditEntry.Kind.ALERT, words=verdict.fault)
    if verdict.fault:
        log.critical("ALERT: the audit does not hold: %s", verdict.fault)
        mail_admins("Alert", f"The audit does not hold. {verdict.fault}", fail_silently=True)
    else:
        audit_chain.note_head(verdict, on=timezone.localdate(now))
    return waiting
