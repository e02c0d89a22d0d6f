"""What runs in the background. Each may be started twice, or killed, and loses nothing."""

from celery import shared_task
from django.utils import timezone

from progression import digest, outbox, sweep


@shared_task
def send_notices():
    """Send what is in the outbox."""
    outbox.send_due()


@shared_task
def send_digests():
    """Send the daily e-mails that are due."""
    digest.send_due()


@shared_task
def sweep_reminders():
    """Queue the reminders that are due today."""
    now = timezone.now()
    sweep.sweep(today=timezone.localdate(now), now=now)
