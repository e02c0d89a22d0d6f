"""Every read that the pages of a decision and of its review need, each in a fixed number of queries."""

from dataclasses import dataclass
from datetime import date

from django.utils.timezone import localdate

from payroll.models import PayForm
from payroll.selectors import PayEffect, latest_form, pay_effect
from people.models import User
from progression.models import TOWARDS_PAY
from progression.policies import can_ask_for_review
from progression.states import State
from reviews import policies
from reviews.models import Appeal, Assessment, Authorisation, Finding
from reviews.selectors import HeadingFindings, declarations, findings_by_heading, signed_assessment


@dataclass(frozen=True)
class DecisionFile:
    """What somebody who decides reads first: the signed assessment, counted, and the pay it leads to.

    `pay` is None while nobody has said from when.
    """

    assessment: Assessment
    headings: list[HeadingFindings]
    declarations: list
    met: int
    not_met: int
    not_judged: int
    pay: PayEffect | None


def decision_file(application, *, held_on=None, today):
    """The signed assessment, and what progressing would do to pay. R15, R17, R22.

    `held_on` is the day of the meeting, where the award runs from that and nobody has recorded it.
    """
    assessment = signed_assessment(application)
    headings = findings_by_heading(assessment)
    results = [finding.met for heading in headings for finding in heading.findings]
    return DecisionFile(
        assessment=assessment,
        headings=headings,
        declarations=declarations(assessment),
        met=results.count(True),
        not_met=results.count(False),
        not_judged=results.count(None),
        pay=effect_on_pay(application, held_on=held_on, today=today),
    )


def effect_on_pay(application, *, held_on=None, today):
    """What progressing would do to pay, or None while the day it runs from is not known. R17, R31."""
    day = policies.award_date(application, held_on=held_on)
    return pay_effect(application, effective_from=day, today=today) if day else None


def decision_on(application):
    """The authoriser's decision, or None. One query."""
    return Authorisation.objects.filter(application=application).select_related("decided_by").first()


def appeal_of(application):
    """The review of the application's refusal, or None. One query."""
    return Appeal.objects.filter(application=application).select_related("heard_by").first()


@dataclass(frozen=True)
class Outcome:
    """What was decided, by whom, why, what the worker needs to do, and the review of it. R18, R21, R32.

    `agreed` are the findings with an agreed action, where the manager's word was the decision. `form` tells
    payroll that the worker progresses. `last_day` is None where there is no limit, or none known yet.
    """

    progressed: bool
    decided_by: User
    decided_on: date
    reasons: str
    required: str
    agreed: list[Finding]
    review: Appeal | None
    form: PayForm | None
    may_ask: bool
    last_day: date | None


def outcome_of(application, *, today):
    """The outcome, or None before there is one. R18, R19."""
    decision = decision_on(application)
    assessment = signed_assessment(application)
    if decision is None and not _refused_by_manager(application, assessment):
        return None
    form = latest_form(application)
    refused = State.UNDER_APPEAL in application.stage.moves
    return Outcome(
        progressed=application.state in TOWARDS_PAY,
        decided_by=decision.decided_by if decision else assessment.assessor,
        decided_on=localdate(decision.decided_at) if decision else assessment.signed_on,
        reasons=decision.reasons if decision else assessment.reasons,
        required=decision.required if decision else "",
        agreed=[] if decision else agreed_actions(assessment),
        review=appeal_of(application),
        form=form if form and form.progressed else None,
        may_ask=refused and can_ask_for_review(application, today=today),
        last_day=policies.last_day_to_ask(application) if refused else None,
    )


def agreed_actions(assessment):
    """The findings that are not met, with what was agreed and by when. One query. R9."""
    return list(
        assessment.findings.filter(met=False).exclude(action="").select_related("criterion__competency")
    )


def _refused_by_manager(application, assessment):
    """Whether the scheme leaves a refusal to the manager, who signed one. R32."""
    confirmed = application.scheme.rules.decision.refusal_confirmed_by_authoriser
    return assessment is not None and not assessment.recommended and not confirmed
