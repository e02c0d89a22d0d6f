"""An authorisation made in error is taken back by two people; it and its taking back are both kept. R15.

Each verb reads: lock, who, when, write, history, tell.
"""

from django.db import IntegrityError, transaction

from payroll.models import WhyStopped
from payroll.transitions import stop_form
from progression import judges, notifications
from progression.models import Capacity
from progression.permissions import check_can_authorise
from progression.states import State
from progression.transitions import lock, move, record
from reviews import awarding, policies, reversal_policies, selectors, telling
from reviews.models import Authorisation, Reversal
from reviews.notifications import AskToConfirmReversal, AuthorisationReversed, ReversalAnswered
from reviews.permissions import check_can_confirm_reversal


@transaction.atomic
def ask_to_reverse(application, *, actor, reason, now):
    """Say that the authorisation was an error, and why: a second person is asked to confirm it. R15."""
    application = lock(application, *reversal_policies.REVERSIBLE)
    for_whom = check_can_authorise(actor, application)
    reversal_policies.check_reversible(application)
    authorisation = authorisation_in_force(application)
    reversal_policies.check_not_asked(waiting_reversal(application))
    policies.check_says_why(reason)
    reversal = Reversal.objects.create(
        authorisation=authorisation, asked_by=actor, asked_for=for_whom, asked_at=now, reason=reason.strip()
    )
    event = record(
        application,
        actor=actor,
        on_behalf_of=for_whom,
        verb="asked to take the authorisation back",
        now=now,
        reason=reversal.reason,
    )
    told = {
        person.pk: AskToConfirmReversal
        for person in judges.who_is_asked(judges.judges_of(application, Capacity.AUTHORISER))
        if person.pk != actor.pk
    }
    notifications.queue(application, told or _seniors(application, but=actor), now=now, event=event)
    return reversal


@transaction.atomic
def confirm_reversal(application, *, actor, now):
    """The second person confirms the error: the case waits for a decision again. R15.

    Payroll is told to change nothing or, where pay has changed already, to change it back.
    """
    application, reversal, for_whom = _lock_for_answer(application, actor)
    reversal_policies.check_reversible(application)
    _answer(reversal, actor=actor, confirmed=True, answer="", now=now)
    stopped = stop_form(application, because=WhyStopped.REVERSED, actor=actor, on_behalf_of=for_whom, now=now)
    application.authoriser = None
    application.effective_date = policies.effective_date(application, signed_on=application.assessed_on)
    try:
        event = move(
            application,
            State.RECOMMENDED,
            actor=actor,
            on_behalf_of=for_whom,
            verb="reversed",
            now=now,
            reason=reversal.reason,
            detail={"asked_by": reversal.asked_by.named_with(reversal.asked_for)},
        )
    except IntegrityError as clash:
        policies.explain_clash(clash, application, reader=actor)
    if stopped is not None and stopped.issued_at is not None:
        # Payroll may have the form in hand, or have changed the pay by it: the newer one says not to. R13.
        awarding.tell_payroll(
            application,
            selectors.signed_assessment(application),
            progressed=False,
            actor=actor,
            on_behalf_of=for_whom,
            reasons=f"The authorisation was made in error and is taken back. {reversal.reason}",
            now=now,
        )
    telling.of_reversal(application, reversal, on_behalf_of=for_whom, now=now)
    told = {application.worker_id: AuthorisationReversed, reversal.asked_by_id: ReversalAnswered}
    notifications.queue(application, told, now=now, event=event)
    return application


@transaction.atomic
def refuse_reversal(application, *, actor, answer, now):
    """The second person says why the authorisation stands. R15."""
    application, reversal, for_whom = _lock_for_answer(application, actor)
    policies.check_says_why(answer)
    _answer(reversal, actor=actor, confirmed=False, answer=answer.strip(), now=now)
    event = record(
        application,
        actor=actor,
        on_behalf_of=for_whom,
        verb="let the authorisation stand",
        now=now,
        reason=reversal.answer,
    )
    notifications.queue(application, {reversal.asked_by_id: ReversalAnswered}, now=now, event=event)
    return application


def authorisation_in_force(application):
    """The authorisation that the award rests on, or None."""
    return (
        Authorisation.objects.filter(application=application, authorised=True)
        .exclude(reversals__confirmed=True)
        .order_by("-number")
        .first()
    )


def waiting_reversal(application):
    """The request to take an authorisation back that waits for its answer, or None."""
    return (
        Reversal.objects.filter(authorisation__application=application, confirmed=None)
        .select_related("asked_by", "asked_for", "authorisation__decided_by")
        .first()
    )


def _lock_for_answer(application, actor):
    application = lock(application, *reversal_policies.REVERSIBLE)
    reversal = waiting_reversal(application)
    reversal_policies.check_asked(reversal)
    for_whom = check_can_confirm_reversal(actor, application, reversal)
    return application, reversal, for_whom


def _answer(reversal, *, actor, confirmed, answer, now):
    reversal.answered_by = actor
    reversal.answered_at = now
    reversal.confirmed = confirmed
    reversal.answer = answer
    reversal.save()


def _seniors(application, *, but):
    """Everybody else who may decide, where whoever asks is the only one of the rank that is asked first."""
    able = judges.judges_of(application, Capacity.AUTHORISER)
    return {judge.person.pk: AskToConfirmReversal for judge in able if judge.is_free and judge.person != but}
