"""One class a message. Each holds plain words and a link: no name, no reason, nothing of the case itself.

A message is queued as a Notice in the transaction of what it tells of; `outbox.py` sends it. Before sending,
the message is asked whether it is still needed: nobody is told to act on what has been acted on.
"""

import logging

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.urls import NoReverseMatch, reverse
from kombu.exceptions import OperationalError

from progression import access, permissions, selectors
from progression.models import Notice
from progression.states import Owner, State

log = logging.getLogger(__name__)


class Message:
    """What an e-mail says. `kind` names it in the Notice's row."""

    kind = ""
    subject = ""
    words = ""

    def link(self, application):
        """The page to open. The case's own, for those who see it."""
        return reverse("progression:case", args=[application.reference])

    def body(self, application):
        return (
            f"{self.words}\n\n{settings.SITE_URL}{self.link(application)}\n\n"
            "This message holds no details on purpose: sign in to read them. Please do not reply to it.\n"
        )

    def still_needed(self, notice):
        """Whether the case still stands where it stood, and this person is still the one to act."""
        raise NotImplementedError


class News(Message):
    """Something has happened that the person should read; it stays news whatever follows."""

    def still_needed(self, notice):
        return access.can_see(notice.recipient, notice.application)


class NewsForWorker(News):
    kind = "news_for_worker"
    subject = "There is news about your application to progress"
    words = "Your application has moved on. Sign in to read where it stands and what happens next."


class ReturnedToWorker(News):
    kind = "returned_to_worker"
    subject = "Your application to progress needs more work"
    words = "Your portfolio has been returned to you for more work. Sign in to read why."


class NewsForManager(News):
    kind = "news_for_manager"
    subject = "There is news about an application to progress"
    words = "An application from your team has moved on. Sign in to read where it stands."


class Ask(Message):
    """Somebody is asked to act."""

    def still_needed(self, notice):
        application = notice.application
        unmoved = notice.event is None or application.state_since == notice.event.at
        return unmoved and permissions.acts_next(notice.recipient, application)


class AskToAssess(Ask):
    kind = "ask_to_assess"
    subject = "An application to progress is waiting for you to assess"
    words = "A social worker in your team has submitted a portfolio. Sign in to read and assess it."


class AskToDecide(Ask):
    kind = "ask_to_decide"
    subject = "An application to progress is waiting for your decision"
    words = "A team manager has made a recommendation. Sign in to read it and decide."


class AskToHear(Ask):
    kind = "ask_to_hear"
    subject = "A request to look again at an outcome is waiting for you"
    words = "A social worker has asked for an outcome to be looked at again. Sign in to read why."


class AskPayroll(Ask):
    kind = "ask_payroll"
    subject = "A pay form is ready"
    words = "A pay form is ready to download. Sign in to open your list of forms."

    def link(self, application):
        return _payroll_page()


class Reminder(Ask):
    """The same, for somebody who has not acted yet."""

    def still_needed(self, notice):
        return notice.deadline.closed_on is None and permissions.acts_next(
            notice.recipient, notice.application
        )


class RemindWorker(Reminder):
    kind = "remind_worker"
    subject = "Your portfolio is waiting for you"
    words = "You have not added to your portfolio for some time. Sign in to go on with it, or to withdraw."


class RemindToAct(Reminder):
    kind = "remind_to_act"
    subject = "An application to progress is still waiting for you"
    words = "An application has been waiting for you for some time. Sign in to act on it."


class RemindPayroll(Reminder):
    kind = "remind_payroll"
    subject = "A pay form is still waiting"
    words = "A pay form has been waiting for some time. Sign in to open your list of forms."

    def link(self, application):
        return _payroll_page()


MESSAGES = {
    message.kind: message()
    for message in (
        NewsForWorker,
        ReturnedToWorker,
        NewsForManager,
        AskToAssess,
        AskToDecide,
        AskToHear,
        AskPayroll,
        RemindWorker,
        RemindToAct,
        RemindPayroll,
    )
}

# Who is told what when a case moves into a state. Whoever made the move knows.
ASKS = {
    State.SUBMITTED: AskToAssess,
    State.RECOMMENDED: AskToDecide,
    State.NOT_RECOMMENDED: AskToDecide,
    State.UNDER_APPEAL: AskToHear,
    State.SENT_TO_PAYROLL: AskPayroll,
}
TELLS_WORKER = {State.RETURNED: ReturnedToWorker} | dict.fromkeys(
    (
        State.RECOMMENDED,
        State.NOT_RECOMMENDED,
        State.AUTHORISED,
        State.DECLINED,
        State.REFUSED,
        State.UPHELD,
        State.DISMISSED,
        State.IMPLEMENTED,
    ),
    NewsForWorker,
)
TELLS_MANAGER = (
    State.AUTHORISED,
    State.DECLINED,
    State.REFUSED,
    State.UNDER_APPEAL,
    State.UPHELD,
    State.DISMISSED,
    State.WITHDRAWN,
)
"""R29: the manager is told the decision too."""

REMINDERS = {Owner.WORKER: RemindWorker, Owner.PAYROLL: RemindPayroll}


def tell_of_move(application, *, event, now):
    """Queue what the application's new state has to tell, to whom: one message to a person for each event."""
    state, told = State(application.state), {}
    if asks := ASKS.get(state):
        told |= {person.pk: asks for person in selectors.who_acts(application)}
    if state in TELLS_MANAGER and event.from_state != State.DRAFT:
        told.setdefault(application.team.manager_id, NewsForManager)
    if tells := TELLS_WORKER.get(state):
        told[application.worker_id] = tells
    told.pop(event.actor_id, None)
    _queue(application, told, now=now, event=event)


def remind(deadline, *, step, now):
    """Queue reminder number `step` of a deadline to whoever acts next, once to a person. Returns how many."""
    application = deadline.application
    message = REMINDERS.get(application.stage.owner, RemindToAct)
    told = {person.pk: message for person in selectors.who_acts(application)}
    return _queue(application, told, now=now, deadline=deadline, step=step)


def _queue(application, told, *, now, **about):
    notices = [
        Notice(
            application=application, recipient_id=pk, kind=message.kind, queued_at=now, try_at=now, **about
        )
        for pk, message in told.items()
    ]
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    if notices:
        transaction.on_commit(_nudge)
    return len(notices)


def _nudge():
    """Ask for the outbox to be sent now. Without Redis nothing is lost: beat asks again in seconds."""
    try:
        current_app.send_task("progression.tasks.send_notices", retry=False, expires=10)
    except OperationalError:
        log.warning("The outbox could not be nudged; it is sent when Redis is back.")


def _payroll_page():
    try:
        return reverse("payroll:forms")
    except NoReverseMatch:
        return reverse("start")
