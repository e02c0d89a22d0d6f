"""One e-mail a day of what somebody chose to get together: in the morning, as things stand then.

Sent as a single notice is, and as safe from being killed: see `outbox.py`.
"""

from collections import Counter

from django.conf import settings
from django.core.mail import get_connection
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from progression import outbox
from progression.messages import MESSAGES
from progression.models import Notice, NoticeStatus

SUBJECT = "Your daily list from the progression service"
CLAIMING = 703_001
"""The advisory lock under which one sender at a time claims: a person's list is not divided between two."""


def send_due(*, clock=timezone.now):
    """Send everybody whose daily e-mail is due theirs. Returns how many went out."""
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
    """Count an attempt at all that is due to the next person, unless another sender holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CLAIMING])
    due = Notice.objects.filter(status=NoticeStatus.FOR_DIGEST, try_at__lte=now).order_by("try_at", "id")
    due = due.select_for_update(skip_locked=True, no_key=True)
    first = due.first()
    if first is None:
        return []
    claimed = list(due.filter(recipient=first.recipient_id))
    for notice in claimed:
        outbox.count_attempt(notice, now=now)
    return claimed


@transaction.atomic
def _send(claimed, mail, clock):
    """Send what is still so, in one e-mail, its rows locked meanwhile. Returns whether it went out."""
    attempts = {notice.pk: notice.attempts for notice in claimed}
    notices = [
        notice
        for notice in Notice.objects.filter(pk__in=attempts, status=NoticeStatus.FOR_DIGEST)
        .select_related(*outbox.WITH_IT)
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
        if notice.attempts == attempts[notice.pk]
    ]
    if len(notices) < len(claimed):
        return False
    needed = [notice for notice in notices if outbox.is_needed(notice)]
    try:
        if needed:
            _mail(needed, mail).send()
    except Exception as fault:  # whatever it is, the next person's is sent
        for notice in notices:
            outbox.put_off(notice, fault, now=clock())
        return False
    for notice in notices:
        (outbox.write_sent if notice in needed else outbox.write_dropped)(notice, now=clock())
    return bool(needed)


def _mail(notices, mail):
    counted = Counter(MESSAGES[notice.kind].subject for notice in notices)
    lines = [f"- {subject}{f' ({count} times)' if count > 1 else ''}" for subject, count in counted.items()]
    body = (
        "Since your last list:\n\n"
        + "\n".join(lines)
        + f"\n\n{settings.SITE_URL}{reverse('progression:notices')}\n\n"
        "This message holds no details on purpose: sign in to read them. Please do not reply to it.\n"
    )
    return outbox.letter(f"list-{notices[0].pk}", notices[0].recipient, subject=SUBJECT, body=body, mail=mail)
