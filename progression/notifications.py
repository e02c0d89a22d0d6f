"""One class a message of the case, who is told what when it moves, and the one way to queue a message.

What a message is, and when it is no longer needed, is in `messages.py`.
"""

from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from people.models import Topic
from portfolios import cpd_selectors as cpd
from portfolios.regulator import regulator
from progression import access, ladder, outbox, permissions, selectors
from progression.messages import Ask, Message, News, Reminder, register
from progression.models import DeadlineKind
from progression.states import Owner, State


@register
class Outcome(News):
    """What is decided about their own case is theirs to know at once. R18, R21, R29."""

    kind = "outcome"
    subject = "Your application to progress has been decided"
    words = "A decision has been made on your application. Sign in to read it, and what you can do next."
    topic = None


@register
class NewsForWorker(News):
    kind = "news_for_worker"
    subject = "There is news about your application to progress"
    words = "Your application has moved on. Sign in to read where it stands and what happens next."


@register
class ReturnedToWorker(News):
    kind = "returned_to_worker"
    subject = "Your application to progress needs more work"
    words = "Your portfolio has been returned to you for more work. Sign in to read why."
    topic = Topic.WAITING


@register
class NewsForManager(News):
    kind = "news_for_manager"
    subject = "There is news about an application to progress"
    words = "An application from your team has moved on. Sign in to read where it stands."


@register
class AskToAssess(Ask):
    kind = "ask_to_assess"
    subject = "An application to progress is waiting for you to assess"
    words = "A social worker in your team has submitted a portfolio. Sign in to read and assess it."


@register
class AskToDecide(Ask):
    kind = "ask_to_decide"
    subject = "An application to progress is waiting for your decision"
    words = "A team manager has made a recommendation. Sign in to read it and decide."


@register
class AskToHear(Ask):
    kind = "ask_to_hear"
    subject = "A request to look again at an outcome is waiting for you"
    words = "A social worker has asked for an outcome to be looked at again. Sign in to read why."


@register
class HandedToYou(Ask):
    kind = "handed_to_you"
    subject = "An application to progress has been handed to you"
    words = "Somebody else was to judge this application, and now you are asked to. Sign in to read it."

    def still_needed(self, notice):
        return permissions.acts_next(notice.recipient, notice.application)


@register
class AskToHandOver(Ask):
    """Everybody who might judge the case is barred."""

    kind = "ask_to_hand_over"
    subject = "An application to progress needs somebody to judge it"
    words = (
        "Whoever would judge this application cannot, because of a conflict of interest or because they had "
        "a part in it. Sign in to choose somebody else."
    )


@register
class AskPayroll(Ask):
    kind = "ask_payroll"
    subject = "A pay form is ready"
    words = "A pay form is ready to download. Sign in to open your list of forms."

    def link(self, notice):
        return _payroll_page()


@register
class RemindWorker(Reminder):
    kind = "remind_worker"
    subject = "Your portfolio is waiting for you"
    words = "You have not added to your portfolio for some time. Sign in to go on with it, or to withdraw."


@register
class RemindToAct(Reminder):
    kind = "remind_to_act"
    subject = "An application to progress is still waiting for you"
    words = "An application has been waiting for you for some time. Sign in to act on it."


@register
class RemindPayroll(Reminder):
    kind = "remind_payroll"
    subject = "A pay form is still waiting"
    words = "A pay form has been waiting for some time. Sign in to open your list of forms."

    def link(self, notice):
        return _payroll_page()


@register
class LastDayToAsk(Reminder):
    """The right to have an outcome looked at again ends on a day. R19."""

    kind = "last_day_to_ask"
    subject = "There is a last day to ask for your outcome to be looked at again"
    words = (
        "If you think the outcome of your application is wrong, you can ask for it to be looked at again. "
        "There is a last day for that. Sign in to read which day it is, and how to ask."
    )
    topic = None


@register
class RemindOfCpd(Message):
    """Of the regulator's yearly renewal, to whoever still misses something of it here."""

    kind = "remind_of_cpd"
    subject = "Your CPD for this year’s renewal is not complete"
    words = (
        "The time to renew your registration with the regulator has begun. Sign in to see by when that must "
        "be, and what CPD is still missing here."
    )
    topic = Topic.REMINDERS

    def link(self, notice):
        return reverse("portfolios:cpd")

    def is_over(self, notice):
        return regulator().year_ends(notice.day) < timezone.localdate()

    def still_needed(self, notice):
        missing = cpd.missing_something(regulator().year_ends(notice.day))
        return not self.is_over(notice) and missing.filter(pk=notice.recipient_id).exists()


@register
class TestimonyCame(Message):
    """Of a day: however many observers answered on it."""

    kind = "testimony_came"
    subject = "Somebody has answered about your evidence"
    words = "Somebody whom you asked about a piece of your evidence has answered. Sign in to read it."
    topic = Topic.NEWS

    def link(self, notice):
        return reverse("portfolios:asked_observers")

    def still_needed(self, notice):
        return True


@register
class RemindOfVariation(Reminder):
    """R23, R30."""

    kind = "remind_of_variation"
    subject = "Your new contract is waiting for your answer"
    words = "Sign in to read the change to your contract, and to accept or decline it."
    topic = None


@register
class RemindManager(Reminder):
    """To whoever manages those who act."""

    kind = "remind_manager"
    subject = "An application to progress is late with somebody you manage"
    words = "Somebody you manage has not acted on an application in time. Sign in to read where it stands."

    def still_needed(self, notice):
        return not self.is_over(notice) and access.can_see(notice.recipient, notice.application)


class Late(Message):
    """An official deadline was missed, and is still not kept."""

    def still_needed(self, notice):
        missed = notice.application.deadlines.filter(pk=notice.event.detail["deadline"], closed_on=None)
        return missed.exists() and access.can_see(notice.recipient, notice.application)


@register
class DeadlineMissed(Late):
    kind = "deadline_missed"
    subject = "A deadline for an application to progress has been missed"
    words = "Somebody you manage has missed a deadline. Sign in to read which, and to see that it is done."


@register
class DecisionLate(Late):
    """To the worker, who has asked. R21."""

    kind = "decision_late"
    subject = "The answer to what you asked is late"
    words = (
        "The decision on what you asked should have reached you by now. The person who is to decide, and "
        "whoever manages them, have been told. Sign in to read where it stands."
    )


# Who is told what when a case moves into a state. Whoever made the move knows.
ASKS = {
    State.SUBMITTED: AskToAssess,
    State.RECOMMENDED: AskToDecide,
    State.NOT_RECOMMENDED: AskToDecide,
    State.UNDER_APPEAL: AskToHear,
    State.SENT_TO_PAYROLL: AskPayroll,
}
TELLS_WORKER = {
    State.RETURNED: ReturnedToWorker,
    State.RECOMMENDED: NewsForWorker,
    State.NOT_RECOMMENDED: NewsForWorker,
    State.AUTHORISED: Outcome,
    State.DECLINED: Outcome,
    State.REFUSED: Outcome,
    State.UPHELD: Outcome,
    State.DISMISSED: Outcome,
    State.IMPLEMENTED: NewsForWorker,
}
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

REMINDERS = {
    DeadlineKind.ASK_FOR_REVIEW: LastDayToAsk,
    DeadlineKind.ANSWER_VARIATION: RemindOfVariation,
}


def reminder_of(deadline):
    """The Message that reminds whoever acts by this deadline."""
    owner = ladder.owner_of(deadline.kind, deadline.state)
    by_owner = {Owner.WORKER: RemindWorker, Owner.PAYROLL: RemindPayroll}
    return REMINDERS.get(deadline.kind) or by_owner.get(owner, RemindToAct)


def tell_of_move(application, *, event, now):
    """Queue what the application's new state has to tell, to whom: one message to a person for each event.

    A manager's word that refuses at once is told with the refusal, not twice. R32.
    """
    state, told = State(application.state), {}
    if (
        state == State.NOT_RECOMMENDED
        and not application.scheme.rules.decision.refusal_confirmed_by_authoriser
    ):
        return
    if asks := ASKS.get(state):
        acting = selectors.acting_in([application])[application.pk]
        asks = AskToHandOver if acting.to_hand_over else asks
        told |= {person.pk: asks for person in acting.people}
    if state in TELLS_MANAGER and event.from_state != State.DRAFT:
        told.setdefault(application.team.manager_id, NewsForManager)
    if tells := TELLS_WORKER.get(state):
        told[application.worker_id] = tells
    told.pop(event.actor_id, None)
    queue(application, told, now=now, event=event)


def tell_of_hand_over(application, *, event, handed_to, of, now):
    """Queue what a hand-over has to tell: whoever judges the case now, whoever did, and its worker."""
    told = {application.worker_id: NewsForWorker, of.pk: NewsForManager, handed_to.pk: HandedToYou}
    if event.actor_id != handed_to.pk:
        told.pop(event.actor_id, None)
    queue(application, told, now=now, event=event)


def queue(application, told, *, now, event=None, deadline=None, meeting=None, step=None):
    """Queue a message to each person of `told`, {user id: Message class}, in the caller's transaction.

    About an event of the case, or a deadline and which reminder of it, or a meeting and the sequence of its
    invitation: a person gets one of each, whatever is called twice. `application` is None where a meeting has
    none. Returns how many were queued.
    """
    return outbox.put_in(
        [
            outbox.Telling(
                application_id=application and application.pk,
                recipient_id=pk,
                kind=message.kind,
                event_id=event and event.pk,
                deadline_id=deadline and deadline.pk,
                meeting_id=meeting and meeting.pk,
                step=step,
            )
            for pk, message in told.items()
        ],
        now=now,
    )


def _payroll_page():
    try:
        return reverse("payroll:forms")
    except NoReverseMatch:
        return reverse("start")
