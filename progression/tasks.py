"""What runs in the background. Each may be started twice, or killed, and loses nothing."""

from celery import shared_task
from django.utils import timezone

from progression import audit_transitions, cpd_reminders, digest, outbox, sweep, testimony_news


@shared_task
def send_notices():
    """Send what is in the outbox."""
    outbox.send_due()


@shared_task
def check_audit():
    """Check the audit's chain where an auditor asks for it, and once a day."""
    audit_transitions.check_what_is_asked(now=timezone.now())


@shared_task
def send_digests():
    """Send the daily e-mails that are due."""
    digest.send_due()


@shared_task
def sweep_reminders():
    """Queue the reminders that are due today."""
    now = timezone.now()
    sweep.sweep(today=timezone.localdate(now), now=now)
    cpd_reminders.remind(today=timezone.localdate(now), now=now)
    testimony_news.tell(now=now)
