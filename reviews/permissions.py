"""*Who* may read what was judged. Each check raises NotAllowed with the sentence for the screen."""

from people.permissions import allowed
from progression.permissions import check_can_read_findings


def can_read_findings(user, application):
    return allowed(check_can_read_findings, user, application)


def decided(user, application):
    """Whether this person made the decision that the review is about: no independent hearer. R32."""
    return application.authorisations.filter(decided_by=user).exists()
