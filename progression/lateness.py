"""What is late: official deadlines missed and still not kept, for those who watch over a service."""

from dataclasses import dataclass
from datetime import date

from progression.models import Deadline, DeadlineKind

MOST_LATE = 10


@dataclass(frozen=True)
class Late:
    """One case with a deadline that was missed: its number and worker, what was to be done, and by when."""

    reference: str
    worker: str
    what: str
    by: date


def late_for(user):
    """The MOST_LATE cases of the services that `user` acts for that have been late longest. One query."""
    found = (
        missed()
        .filter(application__team__service__officers=user)
        .exclude(application__worker=user)
        .order_by("due_on", "pk")
        .values_list("application__reference", "application__worker__name", "kind", "due_on")
    )
    return [
        Late(reference, worker, DeadlineKind(kind).label, by)
        for reference, worker, kind, by in found[:MOST_LATE]
    ]


def missed():
    """The deadlines that were missed and are not kept yet."""
    return Deadline.objects.filter(closed_on=None, missed_on__isnull=False)
