"""What a message to a person is, and the register of all: each package's are in its `notifications.py`.

A message holds plain words and a link: no name, no reason, nothing of the case itself. It is queued as a
Notice in the transaction of what it tells of; `outbox.py` sends it. Before sending, the message is asked
whether it is still needed: nobody is told to act on what has been acted on.
"""

from django.conf import settings
from django.urls import reverse

from people.models import Topic
from progression import access, ladder, permissions
from progression.models import OF_A_STATE
from progression.states import Owner

MESSAGES = {}
"""Every message by its kind. Filled when the service starts."""


def register(message):
    """Class decorator: the message may be queued and sent."""
    if MESSAGES.setdefault(message.kind, message()).__class__ is not message:
        raise ValueError(f"Two messages are called {message.kind}.")
    return message


class Message:
    """What an e-mail says. `kind` names it in the Notice's row.

    `topic` is what people choose how to be told of; None concerns their rights: always sent, and at once.
    """

    kind = ""
    subject = ""
    words = ""
    topic = None

    def link(self, notice):
        """The page to open. The case's own, for those who see it."""
        return reverse("progression:case", args=[notice.application.reference])

    def body(self, notice):
        return (
            f"{self.words}\n\n{settings.SITE_URL}{self.link(notice)}\n\n"
            "This message holds no details on purpose: sign in to read them. Please do not reply to it.\n"
        )

    def attachment(self, notice):
        """(file name, bytes, media type) to send along, or None."""
        return None

    def is_over(self, notice):
        """Whether it asked for an act that is no longer needed, as far as its own rows say. No query."""
        return False

    def still_needed(self, notice):
        """Whether things still stand where they stood, and this person is still the one to tell."""
        raise NotImplementedError


class News(Message):
    """Something has happened that the person should read; it stays news whatever follows."""

    topic = Topic.NEWS

    def still_needed(self, notice):
        return access.can_see(notice.recipient, notice.application)


class Ask(Message):
    """Somebody is asked to act."""

    topic = Topic.WAITING

    def is_over(self, notice):
        return notice.event is not None and notice.application.state_since != notice.event.at

    def still_needed(self, notice):
        return not self.is_over(notice) and permissions.acts_next(notice.recipient, notice.application)


class Reminder(Ask):
    """The same, for somebody who has not acted yet."""

    topic = Topic.REMINDERS

    def is_over(self, notice):
        return notice.deadline.closed_on is not None

    def still_needed(self, notice):
        deadline, application = notice.deadline, notice.application
        if self.is_over(notice):
            return False
        if deadline.kind in OF_A_STATE and application.stage.owner != Owner.WORKER:
            return permissions.acts_next(notice.recipient, application)
        return _MAY[ladder.owner_of(deadline.kind, deadline.state)](notice.recipient, application)


_MAY = {
    Owner.WORKER: permissions.is_worker,
    Owner.MANAGER: permissions.can_assess,
    Owner.HEARER: permissions.can_hear_review,
}
