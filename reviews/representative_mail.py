"""The one e-mail that goes to somebody without an account: a representative's link. It is kept nowhere."""

import logging
from smtplib import SMTPException

from django.core.mail import EmailMessage

log = logging.getLogger(__name__)

WORDS = """\
You have been named to speak for somebody at a hearing. The papers are here:

{link}

The link works once, until {until}. Save the papers when you open them, and keep them to yourself.
If you do not expect this message, do not open the link.
"""


def send_link(representative, link):
    """Send it now. Returns whether it went: whoever made the link can also pass it on by hand."""
    until = representative.link_expires_at
    message = EmailMessage(
        subject="Papers for a hearing",
        body=WORDS.format(link=link, until=f"{until.day} {until:%B %Y}"),
        to=[representative.email],
        headers={"Auto-Submitted": "auto-generated"},
    )
    try:
        return message.send() == 1
    except (SMTPException, OSError) as fault:
        log.warning("A link was not sent to a representative: %s", type(fault).__name__)
        return False
