"""What goes out with a decision: its letter, and what is required into the worker's development plan."""

from payroll.models import LetterKind
from payroll.selectors import latest_form
from payroll.transitions import open_letter
from portfolios import supervision_transitions
from progression.selectors import open_deadline
from reviews import letters
from reviews.decision_selectors import decision_on, unmet, what_was_agreed
from reviews.selectors import signed_assessment


def of_award(application, *, now):
    """The letter to a worker whose progression was just authorised. R17."""
    content = letters.outcome(application, decision_on(application), latest_form(application))
    _open(application, LetterKind.OUTCOME, application.worker, content, now=now)


def of_refusal(application, *, actor, on_behalf_of, reasons, required="", now, today):
    """The statement of reasons, and what it asks for as the start of the next application. R14, R18, R40.

    `required` is what whoever refuses asks for; what the manager agreed on each criterion is added to it.
    """
    assessment = signed_assessment(application)
    findings = unmet(assessment)
    beyond = "" if required.strip() == what_was_agreed(assessment) else required.strip()
    content = letters.statement_of_reasons(
        application,
        signed_by=actor,
        on_behalf_of=on_behalf_of,
        dated=today,
        reasons=reasons,
        unmet=findings,
        required=beyond,
        last_day=_due(application),
    )
    _open(application, LetterKind.STATEMENT_OF_REASONS, application.worker, content, now=now)
    actions = [(finding.criterion.competency, finding.action, finding.action_by) for finding in findings]
    if beyond:
        actions.append((None, beyond, None))
    _plan(application, actions, actor=actor, now=now)


def of_reversal(application, reversal, *, on_behalf_of, now):
    """The letter that says that the award is taken back, and why. R15."""
    content = letters.taken_back(application, reversal, on_behalf_of=on_behalf_of)
    _open(application, LetterKind.OUTCOME, application.worker, content, now=now)


def of_request_received(application, appeal, *, now):
    """The letter that says when the request came and by when it is decided. R19, R21."""
    content = letters.request_received(application, appeal, last_day_to_decide=_due(application))
    _open(application, LetterKind.APPEAL_RECEIVED, application.worker, content, now=now)


def of_late_request(application, request, *, now):
    """The letter with the answer to a late request and its reason. R19."""
    due = _due(application) if request.accepted else None
    content = letters.late_request(application, request, last_day_to_decide=due)
    _open(application, LetterKind.LATE_REQUEST, application.worker, content, now=now)


def of_hearing(application, hearing, *, to, now):
    """The invitation of one side to the hearing. R20."""
    content = letters.hearing_invitation(application, hearing, to=to, last_day_to_decide=_due(application))
    _open(application, LetterKind.HEARING_INVITATION, to, content, now=now)


def of_review_decision(application, appeal, *, now):
    """The decision on the review; where it is dismissed, what it asks for goes into the plan. R18, R21."""
    content = letters.review_decision(application, appeal, latest_form(application))
    _open(application, LetterKind.APPEAL_DECISION, application.worker, content, now=now)
    if appeal.required:
        _plan(application, [(None, appeal.required, None)], actor=appeal.heard_by, now=now)


def _open(application, kind, to, content, *, now):
    open_letter(application, kind=kind, to=to, content=content, now=now)


def _plan(application, actions, *, actor, now):
    supervision_transitions.plan_from_refusal(
        application.worker, reference=application.reference, actions=actions, actor=actor, now=now
    )


def _due(application):
    """The last day of what the application's state has just opened, or None."""
    deadline = open_deadline(application)
    return deadline.due_on if deadline else None
