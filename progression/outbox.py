"""The outbox: puts notices in, and sends them. Any number of senders may run, and be killed anywhere.

A sender takes one notice at a time. It counts the attempt and commits that; then it locks the row, sends, and
writes down how it went. PostgreSQL lets go of the lock of a sender that was killed, so the notice is tried
again within seconds, under the same Message-ID, and its history says so; a sender that is only slow keeps its
lock, and nobody else sends what it is sending.
"""

import logging
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from smtplib import SMTPException
from urllib.parse import urlsplit

from celery import current_app
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import connection, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from people.models import HowTold, NoticeChoice
from progression.messages import MESSAGES
from progression.models import Notice, NoticeHistory, NoticeStatus, NoticeStep

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=5)
"""Between counting an attempt and locking the row; the wait after a sender was killed."""
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
MOST_ATTEMPTS = 70
"""Nearly three days: a mail server that is down over a weekend loses nothing."""

BEING_SENT = "Being sent"
KILLED = "Whatever was sending it stopped"

MORNING = time(7, 30)
"""When the daily e-mail goes out, here: local time."""

KEPT = {HowTold.DAILY: NoticeStatus.FOR_DIGEST, HowTold.HERE_ONLY: NoticeStatus.HERE_ONLY}

_PUT_IN = """
    WITH put AS (
        INSERT INTO progression_notice (application_id, recipient_id, kind, event_id, deadline_id, meeting_id,
                                        step, day, status, queued_at, try_at, attempts, last_fault)
        SELECT row.*, 0, ''
          FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[],
                      %s::smallint[], %s::date[], %s::text[], %s::timestamptz[], %s::timestamptz[]) AS row
            ON CONFLICT DO NOTHING
        RETURNING id, queued_at)
    INSERT INTO progression_noticehistory (notice_id, at, what, fault)
    SELECT id, queued_at, 'queued', '' FROM put ORDER BY id
"""
_COLUMNS = (
    "application_id",
    "recipient_id",
    "kind",
    "event_id",
    "deadline_id",
    "meeting_id",
    "step",
    "day",
    "status",
    "queued_at",
    "try_at",
)


@dataclass(slots=True)
class Telling:
    """Who is to be told what, about one thing: a row of Notice to be."""

    recipient_id: int
    kind: str
    application_id: int | None = None
    event_id: int | None = None
    deadline_id: int | None = None
    meeting_id: int | None = None
    step: int | None = None
    day: date | None = None
    status: str = NoticeStatus.QUEUED
    queued_at: datetime | None = None
    try_at: datetime | None = None


def put_in(notices, *, now):
    """Queue these Tellings, each as its recipient chose, in the caller's transaction. Two queries.

    One that is there already is not put in again. Returns how many were.
    """
    if not notices:
        return 0
    recipients = {notice.recipient_id for notice in notices}
    chosen = {
        (person, topic): KEPT.get(how, NoticeStatus.QUEUED)
        for person, topic, how in NoticeChoice.objects.filter(person__in=recipients).values_list(
            "person", "topic", "how"
        )
    }
    morning = next_morning(now)
    for notice in notices:
        topic = MESSAGES[notice.kind].topic
        notice.status = chosen.get((notice.recipient_id, topic), NoticeStatus.QUEUED)
        notice.queued_at = now
        notice.try_at = morning if notice.status == NoticeStatus.FOR_DIGEST else now
    columns = [[getattr(notice, name) for notice in notices] for name in _COLUMNS]
    with connection.cursor() as cursor:
        cursor.execute(_PUT_IN, columns)
        count = cursor.rowcount
    if count:
        transaction.on_commit(_nudge)
    return count


def next_morning(now):
    """The next moment at which the daily e-mail goes out."""
    here = timezone.localtime(now)
    day = here.date() if here.time() < MORNING else here.date() + timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, MORNING))


def _nudge():
    """Ask for the outbox to be sent now. Without Redis nothing is lost: beat asks again in seconds."""
    try:
        current_app.send_task("progression.tasks.send_notices", retry=False, expires=10)
    except OperationalError:
        log.warning("The outbox could not be nudged; it is sent when Redis is back.")


def send_due(*, clock=timezone.now):
    """Send every notice that is due. Returns how many went out."""
    sent = 0
    mail = get_connection()
    try:
        while claimed := _claim(clock()):
            sent += _send(claimed, mail, clock)
    finally:
        mail.close()
    return sent


@transaction.atomic
def _claim(now):
    """Count an attempt at the next notice that is due and no other sender holds; None when there is none."""
    due = Notice.objects.filter(status=NoticeStatus.QUEUED, try_at__lte=now)
    notice = due.select_for_update(skip_locked=True, no_key=True).order_by("try_at", "id").first()
    if notice is not None:
        count_attempt(notice, now=now)
    return notice


def count_attempt(notice, *, now):
    """Begin an attempt at a locked notice; one that was begun and never ended is written down as such."""
    if notice.last_fault == BEING_SENT:
        write_history(notice, NoticeStep.RETRIED, now=now, fault=KILLED)
    notice.attempts += 1
    notice.try_at = now + LEASE
    notice.last_fault = BEING_SENT
    notice.save(update_fields=["attempts", "try_at", "last_fault"])


WITH_IT = (
    "recipient",
    "event",
    "deadline",
    "meeting__team",
    "meeting__worker",
    "application__scheme",
    "application__team",
    "application__worker",
)
"""What messages ask of a notice, read with it."""


@transaction.atomic
def _send(claimed, mail, clock):
    """Send a claimed notice as the case stands now, its row locked meanwhile. Returns whether it went out."""
    notice = (
        Notice.objects.filter(pk=claimed.pk, status=NoticeStatus.QUEUED, attempts=claimed.attempts)
        .select_related(*WITH_IT)
        # Waits: another sender's claim, that came a moment later, holds what it passes over until it commits.
        .select_for_update(of=("self",), no_key=True)
        .first()
    )
    if notice is None:
        return False
    try:
        with transaction.atomic():
            email = _mail(notice, mail) if is_needed(notice) else None
        if email is not None:
            email.send()
    except Exception as fault:  # whatever it is, the next notice is sent
        put_off(notice, fault, now=clock())
        return False
    if email is None:
        write_dropped(notice, now=clock())
        return False
    write_sent(notice, now=clock())
    return True


def is_needed(notice):
    """Whether this notice still tells its recipient what is so."""
    return notice.recipient.is_active and MESSAGES[notice.kind].still_needed(notice)


def _mail(notice, mail):
    message = MESSAGES[notice.kind]
    email = letter(
        f"notice-{notice.pk}", notice.recipient, subject=message.subject, body=message.body(notice), mail=mail
    )
    if attachment := message.attachment(notice):
        email.attach(*attachment)
    return email


def letter(name, to, *, subject, body, mail):
    """An e-mail by us: sent twice under one `name`, most mail programs show it once."""
    host = urlsplit(settings.SITE_URL).hostname
    headers = {"Message-ID": f"<{name}@{host}>", "Auto-Submitted": "auto-generated"}
    return EmailMessage(subject=subject, body=body, to=[to.email], headers=headers, connection=mail)


def write_sent(notice, *, now):
    """It went out."""
    _write_down(notice, NoticeStep.SENT, now=now, status=NoticeStatus.SENT, sent_at=now, last_fault="")


def write_dropped(notice, *, now):
    """It was no longer needed."""
    _write_down(notice, NoticeStep.DROPPED, now=now, status=NoticeStatus.DROPPED, last_fault="")


def put_off(notice, fault, *, now):
    """Try again later, after twice as long each time; give up in the end. No address is kept of the fault."""
    code = getattr(fault, "smtp_code", None) or getattr(fault, "errno", None)
    what = f"{type(fault).__name__} {code}" if code else type(fault).__name__
    told = isinstance(fault, (SMTPException, OSError))
    log.warning(
        "Notice %s was not sent, attempt %s: %s",
        notice.pk,
        notice.attempts,
        what,
        exc_info=None if told else fault,
    )
    if notice.attempts >= MOST_ATTEMPTS:
        _write_down(notice, NoticeStep.FAILED, now=now, status=NoticeStatus.FAILED, last_fault=what)
        return
    wait = min(FIRST_WAIT * 2 ** min(notice.attempts - 1, 10), LONGEST_WAIT)
    _write_down(notice, NoticeStep.RETRIED, now=now, try_at=now + wait, last_fault=what)


def _write_down(notice, step, *, now, **fields):
    Notice.objects.filter(pk=notice.pk).update(**fields)
    write_history(notice, step, now=now, fault=fields["last_fault"])


def write_history(notice, step, *, now, fault=""):
    """One line of what happened to a notice."""
    NoticeHistory.objects.create(notice=notice, at=now, what=step, fault=fault)
