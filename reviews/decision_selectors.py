"""Every read that the pages of a decision and of its review need, each in a fixed number of queries."""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.timezone import localdate

from payroll.models import PayForm
from payroll.selectors import PayEffect, latest_form, pay_effect
from people.models import User
from progression.models import TOWARDS_PAY
from progression.policies import can_ask_for_review
from progression.states import State
from reviews import policies
from reviews.appeal_selectors import appeal_of
from reviews.models import Appeal, Assessment, Authorisation, Finding
from reviews.selectors import (
    HeadingFindings,
    declarations,
    findings_by_heading,
    signed_assessment,
    went_on_without,
)


@dataclass(frozen=True)
class DecisionFile:
    """What somebody who decides reads first: the signed assessment, counted, and the pay it leads to."""

    assessment: Assessment
    headings: list[HeadingFindings]
    declarations: list
    expected: list[str]
    met: int
    not_met: int
    not_judged: int
    pay: PayEffect


def decision_file(application, *, today):
    """The signed assessment, and what progressing would do to pay. R15, R17, R22."""
    assessment = signed_assessment(application)
    headings = findings_by_heading(assessment)
    results = [finding.met for heading in headings for finding in heading.findings]
    return DecisionFile(
        assessment=assessment,
        headings=headings,
        declarations=declarations(assessment),
        expected=went_on_without(assessment),
        met=results.count(True),
        not_met=results.count(False),
        not_judged=results.count(None),
        pay=pay_effect(application, effective_from=policies.award_date(application), today=today),
    )


def decision_on(application):
    """The authoriser's decision that stands, or None: one taken back is history. One query. R15."""
    decisions = Authorisation.objects.filter(application=application).exclude(reversals__confirmed=True)
    return decisions.select_related("decided_by", "on_behalf_of").first()


@dataclass(frozen=True)
class Outcome:
    """What was decided, by whom, for whom, why, what the worker needs to do, and the review. R18, R21, R32.

    `agreed` are the findings with an agreed action, where the manager's word was the decision. `form` tells
    payroll that the worker progresses. `last_day` is None where there is no limit, or none known yet.
    """

    progressed: bool
    decided_by: User
    decided_for: User | None
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
        decided_for=(decision or assessment).on_behalf_of,
        decided_on=localdate(decision.decided_at) if decision else assessment.signed_on,
        reasons=decision.reasons if decision else assessment.reasons,
        required=decision.required if decision else "",
        agreed=[] if decision else unmet(assessment),
        review=appeal_of(application),
        form=form if form and form.progressed else None,
        may_ask=refused and can_ask_for_review(application, today=today),
        last_day=policies.last_day_to_ask(application) if refused else None,
    )


def unmet(assessment):
    """The findings not met, in the scheme's order, each with its criterion's heading. One query. R9, R18."""
    return list(assessment.findings.filter(met=False).select_related("criterion__competency").order_by("id"))


def what_was_agreed(assessment):
    """What the manager agreed for each criterion not met, a line each: where a statement starts from. R9."""
    return "\n".join(_agreed_line(finding) for finding in unmet(assessment) if finding.action)


def _agreed_line(finding):
    by = f" By {date_format(finding.action_by, 'j F Y')}." if finding.action_by else ""
    return f"{finding.criterion.competency.name}: {finding.action}{by}"


def _refused_by_manager(application, assessment):
    """Whether the scheme leaves a refusal to the manager, who signed one. R32."""
    confirmed = application.scheme.rules.decision.refusal_confirmed_by_authoriser
    return assessment is not None and not assessment.recommended and not confirmed
