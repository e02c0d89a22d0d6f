"""The e-mail with an observer's link: a row says that it is to be sent, and a worker of Celery sends it.

It carries the link and the name of whoever asks, and nothing of the evidence. A mail server or Redis that is
down loses none; one that cannot be sent in a day is given up, and the page says so.
"""

import logging
from datetime import timedelta
from smtplib import SMTPException
from urllib.parse import urlsplit

from celery import current_app
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from kombu.exceptions import OperationalError

from portfolios import observer_links
from portfolios.models import LinkMail, ObserverLink

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
"""How long one sender has an e-mail to itself; the wait after a sender was killed."""
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=2)
GIVE_UP = timedelta(days=1)

SUBJECT = "You are asked to confirm a social worker’s work"
WORDS = """\
{worker} asks you to confirm a piece of their work, or to write a few sentences about it.
You need no account. Read what it is about, and answer, here:

{link}

The link is for you alone. It takes one answer, until {until}.
If you do not know {worker}, do not open the link: you need do nothing.
"""


def send_due(*, clock=timezone.now):
    """Send every e-mail that is due. Returns how many went out. Run as often and as many as one likes."""
    sent = 0
    mail = get_connection()
    try:
        while (link := _claim(now=clock())) is not None:
            sent += _send(link, mail, clock)
    finally:
        mail.close()
    return sent


def nudge():
    """Ask Celery to begin at once. Beat does so within seconds, so a queue that is down does no harm."""
    try:
        current_app.send_task("portfolios.tasks.send_observer_links", retry=False, expires=10)
    except OperationalError:
        log.info("The queue is down: observers’ links are sent when it is back.")


@transaction.atomic
def _claim(*, now):
    """The next link whose e-mail is due, for this sender alone for a while; None if none is."""
    link = (
        ObserverLink.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
        .select_related("request__evidence__worker")
        .filter(mail=LinkMail.WAITING, try_at__lte=now)
        .order_by("try_at", "pk")
        .first()
    )
    if link is not None:
        link.attempts += 1
        link.try_at = now + LEASE
        link.save(update_fields=["attempts", "try_at"])
    return link


def _send(link, mail, clock):
    token = observer_links.token_of(link.key)
    if link.ended_at is not None or observer_links.fingerprint(token) != link.token_sha256:
        # Taken back meanwhile; or the server's key was changed since, and the link would open nothing.
        _write(link, mail=LinkMail.FAILED, last_fault="ended")
        return False
    try:
        _letter(link, token, mail).send()
    except (SMTPException, OSError, ValueError) as fault:
        _put_off(link, fault, now=clock())
        return False
    _write(link, mail=LinkMail.SENT, sent_at=clock(), last_fault="")
    return True


def _letter(link, token, mail):
    worker = link.request.evidence.worker
    host = urlsplit(settings.SITE_URL).hostname
    body = WORDS.format(
        worker=worker.name,
        link=settings.SITE_URL + reverse("testimony", args=[token]),
        until=date_format(localtime(link.expires_at), "j F Y"),
    )
    headers = {"Message-ID": f"<observer-{link.key}@{host}>", "Auto-Submitted": "auto-generated"}
    return EmailMessage(SUBJECT, body, to=[link.request.email], headers=headers, connection=mail)


def _put_off(link, fault, *, now):
    """Try again later, after twice as long each time; give up after a day. No address is kept."""
    code = getattr(fault, "smtp_code", None) or getattr(fault, "errno", None)
    what = f"{type(fault).__name__} {code}" if code else type(fault).__name__
    log.warning("Observer’s link %s was not sent, attempt %s: %s", link.pk, link.attempts, what)
    if now - link.made_at >= GIVE_UP:
        _write(link, mail=LinkMail.FAILED, last_fault=what)
        return
    wait = min(FIRST_WAIT * 2 ** min(link.attempts - 1, 10), LONGEST_WAIT)
    _write(link, try_at=now + wait, last_fault=what)


def _write(link, **fields):
    """Unless another sender has taken it since."""
    ObserverLink.objects.filter(pk=link.pk, mail=LinkMail.WAITING, attempts=link.attempts).update(**fields)
