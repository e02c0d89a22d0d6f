"""The messages of a review, its hearing, and of an authorisation taken back."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from people.permissions import allowed
from progression import ics, permissions
from progression.messages import Ask, News, register
from progression.models import DeadlineKind
from reviews.permissions import check_can_confirm_reversal

HEARING_MINUTES = 60


@register
class AskAboutLateRequest(Ask):
    kind = "ask_about_late_request"
    subject = "A late request is waiting for your answer"
    words = (
        "A social worker asks, after the last day, for an outcome to be looked at again. Sign in to answer."
    )

    def link(self, notice):
        return reverse("reviews:late_request", args=[notice.application.reference])

    def still_needed(self, notice):
        waits = notice.application.deadlines.filter(kind=DeadlineKind.DECIDE_LATE_REQUEST, closed_on=None)
        return permissions.can_hear_review(notice.recipient, notice.application) and waits.exists()


@register
class LateRequestAnswered(News):
    """What is decided about their own request is theirs to know at once. R19."""

    kind = "late_request_answered"
    subject = "Your late request has been answered"
    words = "Your request to have an outcome looked at again, made after the last day, has been answered."
    topic = None


@register
class HearingInvitation(News):
    """When and where somebody is heard: their right, so always sent, with an entry for a calendar. R20."""

    kind = "hearing_invitation"
    subject = "A hearing you are to attend"
    words = (
        "The date of a hearing has been set or has changed. Sign in to read where it is and what to bring."
    )
    topic = None

    def link(self, notice):
        return reverse("reviews:review", args=[notice.application.reference])

    def attachment(self, notice):
        hearing = notice.event.detail
        calendar = ics.invitation(
            f"hearing-{notice.application.reference.lower()}",
            hearing["sequence"],
            datetime.fromisoformat(hearing["starts_at"]),
            HEARING_MINUTES,
            "Hearing",
            hearing["place"],
            notice.event.actor.email,
            [notice.recipient.email],
            now=timezone.now(),
        )
        return ics.FILE_NAME, calendar, ics.mimetype()


@register
class AskToConfirmReversal(Ask):
    kind = "ask_to_confirm_reversal"
    subject = "An authorisation is to be taken back: a second person is asked"
    words = (
        "A colleague asks to take back an authorisation made in error. Sign in to read why, and to answer."
    )

    def link(self, notice):
        return reverse("reviews:reverse", args=[notice.application.reference])

    def still_needed(self, notice):
        application = notice.application
        waiting = application.authorisations.filter(reversals__confirmed=None, reversals__isnull=False)
        reversal = waiting.first() and waiting.first().reversals.filter(confirmed=None).first()
        return reversal is not None and allowed(
            check_can_confirm_reversal, notice.recipient, application, reversal
        )


@register
class ReversalAnswered(News):
    kind = "reversal_answered"
    subject = "Your request to take back an authorisation has been answered"
    words = "A colleague has answered your request to take back an authorisation. Sign in to read the answer."


@register
class AuthorisationReversed(News):
    """It changes the worker's own outcome: told at once. R15."""

    kind = "authorisation_reversed"
    subject = "The decision on your application has been taken back"
    words = "Your application is to be decided again. Sign in to read why."
    topic = None
