"""*Who* may read what was judged. Each check raises NotAllowed with the sentence for the screen."""

from people.permissions import NotAllowed, allowed
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
