"""Messages about an account: asked for within the request, sent by a worker.

What is asked for is a row, whoever asks and whether the address is anybody's: how long the answer takes tells
nobody who works here. A mail server or Redis that is down loses none.
"""

import logging
from datetime import timedelta
from smtplib import SMTPException

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from people.models import User
from people.sign_in_models import AccountLetter, Letter

log = logging.getLogger(__name__)

WAIT = timedelta(minutes=1)
GIVE_UP = timedelta(hours=3)
"""After this a link would come as a surprise, and news of a change too late."""

SUBJECTS = {
    Letter.FORGOTTEN: "Choose a new password",
    Letter.NEW_PASSWORD: "Your password was changed",
    Letter.STEP_ADDED: "A second step was set up",
    Letter.STEP_REMOVED: "A way to sign in was removed",
    Letter.NEW_CODES: "New recovery codes were made",
    Letter.NEW_ADDRESS: "Your account has another e-mail address",
    Letter.DATA_ASKED_FOR: "A copy of your data was asked for",
    Letter.LINKED: "You can sign in with the council’s account",
}


def ask_for(kind, email, *, now):
    """Have this message sent to whoever has this address, if anybody. One query."""
    AccountLetter.objects.create(kind=kind, email=email.strip().lower(), asked_at=now, try_at=now)


def send_due(*, clock=timezone.now):
    """Send every message that is due. Returns how many rows were dealt with for good."""
    done = 0
    mail = get_connection()
    try:
        while (result := _one(mail, clock())) is not None:
            done += result
    finally:
        mail.close()
    return done


@transaction.atomic
def _one(mail, now):
    """Deal with the next that is due and that nobody else holds: True when it is gone, None when none is."""
    due = AccountLetter.objects.filter(try_at__lte=now).select_for_update(skip_locked=True)
    letter = due.first()
    if letter is None:
        return None
    try:
        _send(letter, mail)
    except (SMTPException, OSError) as fault:
        log.error("A message about an account was not sent: %s", type(fault).__name__)
        if now - letter.asked_at < GIVE_UP:
            letter.attempts += 1
            letter.try_at = now + WAIT
            letter.save(update_fields=["attempts", "try_at"])
            return False
    letter.delete()
    return True


def _send(letter, mail):
    user = User.objects.filter(email=letter.email, is_active=True).first()
    if user is None and letter.kind != Letter.NEW_ADDRESS:
        return
    shown = {"name": user.name if user else "", "kind": letter.kind, "site": settings.SITE_URL}
    if letter.kind == Letter.FORGOTTEN:
        shown["link"] = _link(user)
    body = render_to_string(f"account/letters/{letter.kind}.txt", shown)
    EmailMessage(SUBJECTS[letter.kind], body, to=[letter.email], connection=mail).send()


def _link(user):
    parts = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return settings.SITE_URL + reverse("account_reset_password_from_key", kwargs=parts)
