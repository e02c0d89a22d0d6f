"""What runs in the background for accounts. Each may be started twice, or killed, and loses nothing."""

import logging

from celery import shared_task
from django.utils import timezone

from people import account_letters, erasing, subject_access_transitions, tallies
from people.sessions import SessionStore

log = logging.getLogger(__name__)


@shared_task
def send_account_letters():
    """Send the messages about accounts that are due."""
    account_letters.send_due()


@shared_task
def forget_old_sessions():
    """Drop sessions that are over, and what was counted and no longer counts."""
    SessionStore.clear_expired()
    tallies.forget_old()


@shared_task
def make_exports():
    """Put together everything about whoever it was asked for; drop what was made a week ago."""
    now = timezone.now()
    subject_access_transitions.sweep(now=now)
    while waiting := subject_access_transitions.claim(now=now):
        try:
            subject_access_transitions.make(waiting, now=timezone.now())
        except Exception as fault:
            # Its traceback could quote what it was writing: the kind of fault and the number are enough.
            log.error("Export %s could not be made: %s", waiting.pk, type(fault).__name__)  # noqa: TRY400
            subject_access_transitions.note_fault(waiting, fault)


@shared_task
def erase_what_is_due():
    """Erase what people who left have left behind for long enough."""
    erasing.erase_due(today=timezone.localdate())
