"""*Who* may read what was judged. Each check raises NotAllowed with the sentence for the screen."""

from people.permissions import NotAllowed, allowed
from progression.permissions import check_can_hear_review, check_can_read_findings


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
