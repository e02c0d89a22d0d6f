"""A refusal is looked at again. Each verb reads: lock, who, when, write, history, tell."""

from django.db import IntegrityError, transaction

from progression.permissions import check_can_hear_review, check_is_worker
from progression.states import State
from progression.transitions import lock, move
from reviews import awarding, policies, selectors
from reviews.models import Appeal


@transaction.atomic
def lodge_review(application, *, actor, grounds, now, today):
    """Ask for a refusal to be looked at again, in writing and in time. R1, R19, R32."""
    application = lock(application, State.DECLINED, State.REFUSED)
    check_is_worker(actor, application)
    policies.check_lodgeable(application, grounds=grounds, today=today)
    grounds = grounds.strip()
    Appeal.objects.create(application=application, lodged_at=now, grounds=grounds)
    try:
        move(application, State.UNDER_APPEAL, actor=actor, verb="asked for a review", now=now, reason=grounds)
    except IntegrityError as clash:
        # The worker opened another application in another tab, at this very moment.
        policies.explain_clash(clash)
    return application


@transaction.atomic
def uphold(application, *, actor, reasons, required="", held_on=None, now, today):
    """Decide a review for the worker, who progresses from the date that it would have been. R17, R21, R31."""
    application = lock(application, State.UNDER_APPEAL)
    by = {"actor": actor, "on_behalf_of": check_can_hear_review(actor, application)}
    award = awarding.give(application, actor=actor, held_on=held_on, today=today)
    reasons = _decide_review(application, upheld=True, **by, reasons=reasons, required=required, now=now)
    move(application, State.UPHELD, **by, verb="upheld", now=now, reason=reasons, detail=award)
    assessment = selectors.signed_assessment(application)
    upheld = f"{application.scheme.rules.appeal.name} upheld. {reasons}"
    awarding.tell_payroll(application, assessment, progressed=True, **by, reasons=upheld, now=now)
    return application


@transaction.atomic
def dismiss(application, *, actor, reasons, required, now):
    """Decide a review against the worker: why, in full, and what they need to do. R21."""
    application = lock(application, State.UNDER_APPEAL)
    by = {"actor": actor, "on_behalf_of": check_can_hear_review(actor, application)}
    policies.check_says_what_is_required(required)
    reasons = _decide_review(application, upheld=False, **by, reasons=reasons, required=required, now=now)
    move(application, State.DISMISSED, **by, verb="dismissed", now=now, reason=reasons)
    return application


def _decide_review(application, *, upheld, actor, on_behalf_of, reasons, required, now):
    """Write the decision on the review, which is made once. Returns its reasons, tidied."""
    policies.check_says_why(reasons)
    appeal = Appeal.objects.select_for_update().get(application=application)
    appeal.heard_by, appeal.on_behalf_of = actor, on_behalf_of
    appeal.decided_at = now
    appeal.upheld = upheld
    appeal.reasons = reasons.strip()
    appeal.required = required.strip()
    appeal.save()
    return appeal.reasons
