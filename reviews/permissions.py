"""*Who* may read what was judged. Each check raises NotAllowed with the sentence for the screen."""

from people.permissions import NotAllowed, allowed
from progression.permissions import check_can_hear_review
from progression.states import State

BEFORE_DECISION = (
    State.DRAFT,
    State.SUBMITTED,
    State.RETURNED,
    State.RECOMMENDED,
    State.NOT_RECOMMENDED,
    State.WITHDRAWN,
)
"""States in which the worker has not been told an outcome."""


def check_can_read_findings(user, application):
    """Everybody who sees the case, but the worker only once the outcome is decided. R18."""
    if user.pk == application.worker_id and application.state in BEFORE_DECISION:
        raise NotAllowed("You can read your manager's findings once your application has been decided.")


def can_read_findings(user, application):
    return allowed(check_can_read_findings, user, application)


def check_can_decide_review(user, application):
    """The officer the scheme names, who did not assess the case. R19, R20, R32.

    Nor the one who refused it, unless the scheme itself gives decision and review to the same office.
    """
    check_can_hear_review(user, application)
    if user.pk == application.assessor_id:
        raise NotAllowed("You assessed this application, so somebody else must hear the review.")
    if decided(user, application) and not same_office_hears(application):
        raise NotAllowed("You made the decision, so somebody else must hear the review.")


def decided(user, application):
    """Whether this person made the decision that the review is about. One query."""
    return application.authorisations.filter(decided_by=user).exists()


def same_office_hears(application):
    """Whether the scheme has reviews heard by the office that decides: no independent hearer. R32."""
    rules = application.scheme.rules
    return rules.appeal.heard_by == rules.decision.authorised_by


def can_decide_review(user, application):
    return allowed(check_can_decide_review, user, application)
