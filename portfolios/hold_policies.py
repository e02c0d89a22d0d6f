"""While a legal hold stands on somebody, nothing of theirs goes. PostgreSQL holds it: people/safeguards.py.

Which headings, criteria and standards a piece shows, and where it counts, may change all the same: these are
ticks, not words, a submission keeps its own, and the audit says of each change when and by whom.
"""

from people.models import User
from people.policies import Blocked

KEPT = "A legal hold stands, so nothing of yours is deleted or written over until it ends."


def held_people():
    """The numbers of everybody on whom a hold stands, as a query."""
    return User.objects.filter(legal_holds__isnull=False, legal_holds__ended_at=None).values("pk")


def is_held(worker):
    """Whether a hold stands on the worker of this number. One query."""
    return held_people().filter(pk=worker).exists()


def check_not_held(worker):
    """Raise Blocked where something of this worker's is about to go."""
    if is_held(worker.pk):
        raise Blocked(KEPT)
