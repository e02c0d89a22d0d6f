"""A refusal is looked at again. Each verb reads: lock, who, when, write, history, tell."""

from django.db import IntegrityError, transaction

from progression import notifications, reminders
from progression.models import DeadlineKind
from progression.permissions import check_can_hear_review, check_is_worker
from progression.policies import challenge
from progression.states import State
from progression.transitions import lock, move, record
from reviews import appeal_policies, awarding, bundle_transitions, policies, selectors, telling
from reviews.appeal_selectors import who_may_hear
from reviews.models import Appeal, LateRequest
from reviews.notifications import AskAboutLateRequest, LateRequestAnswered

ANSWER_LATE_WITHIN = 5
"""Working days in which the hearer is to say whether a late request is heard. The schemes give none."""


@transaction.atomic
def lodge_review(application, *, actor, grounds, now, today):
    """Ask for a refusal to be looked at again, in writing and in time. R1, R19, R32."""
    application = lock(application, State.DECLINED, State.REFUSED)
    check_is_worker(actor, application)
    policies.check_lodgeable(application, grounds=grounds, today=today)
    verb = f"asked for {challenge(application)}"
    _open(application, actor=actor, verb=verb, grounds=grounds.strip(), now=now)
    return application


@transaction.atomic
def ask_late(application, *, actor, grounds, why_late, now, today):
    """Ask after the last day, saying why so late: whoever hears reviews says whether it is heard. R19."""
    application = lock(application, State.DECLINED, State.REFUSED)
    check_is_worker(actor, application)
    appeal_policies.check_late_request_lodgeable(application, grounds=grounds, why_late=why_late, today=today)
    request = LateRequest.objects.create(
        application=application, asked_at=now, grounds=grounds.strip(), why_late=why_late.strip()
    )
    event = record(application, actor=actor, verb="asked late", now=now, reason=request.why_late)
    reminders.open_deadline(
        application, DeadlineKind.DECIDE_LATE_REQUEST, working_days=ANSWER_LATE_WITHIN, now=now
    )
    told = {hearer.pk: AskAboutLateRequest for hearer in who_may_hear(application)}
    notifications.queue(application, told, now=now, event=event)
    return request


@transaction.atomic
def accept_late_request(application, *, actor, reason, now, today):
    """Hear a request that came late, and say why: the time to decide runs from today. R19, R21."""
    application, request = _lock_late_request(application, actor, reason)
    policies.check_can_open_again(application)
    _answer(request, actor=actor, accepted=True, reason=reason, now=now)
    event = _open(
        application,
        actor=actor,
        on_behalf_of=request.on_behalf_of,
        verb="accepted the late request",
        grounds=request.grounds,
        now=now,
    )
    notifications.queue(application, {application.worker_id: LateRequestAnswered}, now=now, event=event)
    telling.of_late_request(application, request, now=now)
    return application


@transaction.atomic
def refuse_late_request(application, *, actor, reason, now):
    """Do not hear a request that came late, and say why. It is the end of it. R19."""
    application, request = _lock_late_request(application, actor, reason)
    _answer(request, actor=actor, accepted=False, reason=reason, now=now)
    event = record(
        application,
        actor=actor,
        on_behalf_of=request.on_behalf_of,
        verb="refused the late request",
        now=now,
        reason=request.reason,
    )
    reminders.close(application, DeadlineKind.DECIDE_LATE_REQUEST, now=now)
    notifications.queue(application, {application.worker_id: LateRequestAnswered}, now=now, event=event)
    telling.of_late_request(application, request, now=now)
    return application


@transaction.atomic
def uphold(application, *, actor, reasons, required="", tests_met=(), now, today):
    """Decide a review for the worker, who progresses from the date that it would have been. R17, R21, R31.

    `tests_met` says of each of the scheme's tests whether it is met: all must be. R32.
    """
    application = lock(application, State.UNDER_APPEAL)
    by = {"actor": actor, "on_behalf_of": check_can_hear_review(actor, application)}
    award = awarding.give(application, actor=actor, today=today)
    appeal = _decide(
        application,
        upheld=True,
        **by,
        reasons=reasons,
        required=required,
        tests_met=tests_met,
        now=now,
    )
    move(application, State.UPHELD, **by, verb="upheld", now=now, reason=appeal.reasons, detail=award)
    assessment = selectors.signed_assessment(application)
    upheld = f"{application.scheme.rules.appeal.name} upheld. {appeal.reasons}"
    awarding.tell_payroll(application, assessment, progressed=True, **by, reasons=upheld, now=now)
    telling.of_review_decision(application, appeal, now=now)
    return application


@transaction.atomic
def dismiss(application, *, actor, reasons, required, tests_met=(), now):
    """Decide a review against the worker: why, in full, and what they need to do. R21.

    What they need to do goes into their development plan; the decision before it stays as it was. R18, R40.
    """
    application = lock(application, State.UNDER_APPEAL)
    by = {"actor": actor, "on_behalf_of": check_can_hear_review(actor, application)}
    policies.check_says_what_is_required(required)
    appeal = _decide(
        application,
        upheld=False,
        **by,
        reasons=reasons,
        required=required,
        tests_met=tests_met,
        now=now,
    )
    move(application, State.DISMISSED, **by, verb="dismissed", now=now, reason=appeal.reasons)
    telling.of_review_decision(application, appeal, now=now)
    return application


def _open(application, *, actor, on_behalf_of=None, verb, grounds, now):
    """The review begins: its papers are asked for and its hearer told. Returns the Event."""
    appeal = Appeal.objects.create(application=application, lodged_at=now, grounds=grounds)
    try:
        event = move(
            application,
            State.UNDER_APPEAL,
            actor=actor,
            on_behalf_of=on_behalf_of,
            verb=verb,
            now=now,
            reason=grounds,
        )
    except IntegrityError as clash:
        # The worker opened another application in another tab, at this very moment.
        policies.explain_clash(clash, application, reader=actor)
    bundle_transitions.ask_for_bundle(appeal, now=now)
    telling.of_request_received(application, appeal, now=now)
    return event


def _lock_late_request(application, actor, reason):
    application = lock(application, State.DECLINED, State.REFUSED)
    for_whom = check_can_hear_review(actor, application)
    request = LateRequest.objects.select_for_update().filter(application=application).first()
    appeal_policies.check_unanswered(request, application)
    appeal_policies.check_gives_reason(reason)
    request.on_behalf_of = for_whom
    return application, request


def _answer(request, *, actor, accepted, reason, now):
    request.answered_by = actor
    request.answered_at = now
    request.accepted = accepted
    request.reason = reason.strip()
    request.save()


def _decide(application, *, upheld, actor, on_behalf_of, reasons, required, tests_met, now):
    """Write the decision on the review, which is made once. Returns the Appeal."""
    policies.check_says_why(reasons)
    appeal = Appeal.objects.select_for_update().get(application=application)
    appeal_policies.check_heard(application, appeal_policies.latest_hearing(appeal), now=now)
    appeal_policies.check_tests(application, list(tests_met), upheld=upheld)
    appeal.heard_by, appeal.on_behalf_of = actor, on_behalf_of
    appeal.decided_at = now
    appeal.upheld = upheld
    appeal.reasons = reasons.strip()
    appeal.required = required.strip()
    appeal.tests_met = list(tests_met)
    appeal.save()
    return appeal
