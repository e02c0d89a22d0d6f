"""What runs in the background for accounts. Each may be started twice, or killed, and loses nothing."""

from celery import shared_task

from people import account_letters, tallies
from people.sessions import SessionStore


@shared_task
def send_account_letters():
    """Send the messages about accounts that are due."""
    account_letters.send_due()


@shared_task
def forget_old_sessions():
    """Drop sessions that are over, and what was counted and no longer counts."""
    SessionStore.clear_expired()
    tallies.forget_old()
