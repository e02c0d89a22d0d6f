"""Sends the queued notices. Any number of senders may run; killed anywhere, at worst a message goes twice.

A sender first claims a few notices, counting the attempt and moving their next one into the future, and
commits that; then sends; then writes down how it went. A kill in between leaves a notice with an attempt and
no end, tried again once the claim runs out, under the same Message-ID: most mail programs show it once.
"""

import logging
from datetime import timedelta
from smtplib import SMTPException
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.utils import timezone

from progression.models import Notice, NoticeStatus
from progression.notifications import MESSAGES

log = logging.getLogger(__name__)

A_CLAIM = 20
CLAIMED_FOR = timedelta(minutes=10)
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
MOST_ATTEMPTS = 70
"""Nearly three days: a mail server that is down over a weekend loses nothing."""


def send_due(*, clock=timezone.now):
    """Send every notice that is due. Returns how many went out."""
    sent = 0
    while claimed := _claim(clock()):
        connection = get_connection()
        try:
            sent += sum(_send(notice, connection, clock) for notice in claimed)
        finally:
            connection.close()
    return sent


@transaction.atomic
def _claim(now):
    """Take the next few due notices that no other sender holds."""
    due = Notice.objects.filter(status=NoticeStatus.QUEUED, try_at__lte=now)
    claimed = list(due.select_for_update(skip_locked=True).order_by("try_at", "id")[:A_CLAIM])
    for notice in claimed:
        notice.attempts += 1
        notice.try_at = now + CLAIMED_FOR
    Notice.objects.bulk_update(claimed, ["attempts", "try_at"])
    return claimed


def _send(notice, connection, clock):
    """Send one claimed notice as the case stands now. Returns whether it went out."""
    notice = Notice.objects.select_related(
        "recipient", "event", "deadline", "application__scheme", "application__team", "application__worker"
    ).get(pk=notice.pk)
    message = MESSAGES[notice.kind]
    if not (notice.recipient.is_active and message.still_needed(notice)):
        _write_down(notice, status=NoticeStatus.DROPPED)
        return False
    try:
        _mail(message, notice, connection).send()
    except (SMTPException, OSError) as fault:
        _put_off(notice, fault, now=clock())
        return False
    _write_down(notice, status=NoticeStatus.SENT, sent_at=clock(), last_fault="")
    return True


def _mail(message, notice, connection):
    host = urlsplit(settings.SITE_URL).hostname
    return EmailMessage(
        subject=message.subject,
        body=message.body(notice.application),
        to=[notice.recipient.email],
        headers={"Message-ID": f"<notice-{notice.pk}@{host}>", "Auto-Submitted": "auto-generated"},
        connection=connection,
    )


def _put_off(notice, fault, *, now):
    """Try again later, after twice as long each time; give up in the end. No address is kept of the fault."""
    code = getattr(fault, "smtp_code", None) or getattr(fault, "errno", None)
    what = f"{type(fault).__name__} {code}" if code else type(fault).__name__
    log.warning("Notice %s was not sent, attempt %s: %s", notice.pk, notice.attempts, what)
    if notice.attempts >= MOST_ATTEMPTS:
        _write_down(notice, status=NoticeStatus.FAILED, last_fault=what)
        return
    wait = min(FIRST_WAIT * 2 ** min(notice.attempts - 1, 10), LONGEST_WAIT)
    _write_down(notice, try_at=now + wait, last_fault=what)


def _write_down(notice, **fields):
    Notice.objects.filter(pk=notice.pk, status=NoticeStatus.QUEUED).update(**fields)
