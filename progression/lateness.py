"""What is late: official deadlines missed and still not kept, for those who watch over a service."""

from dataclasses import dataclass
from datetime import date

from progression.models import Application, Deadline

MOST_LATE = 10


@dataclass(frozen=True)
class Late:
    """One case with a deadline that was missed: what was to be done, and by when."""

    application: Application
    what: str
    by: date


def late_for(user):
    """The MOST_LATE cases of the services that `user` acts for that have been late longest. One query."""
    found = (
        _missed()
        .filter(application__team__service__officers=user)
        .exclude(application__worker=user)
        .select_related("application__worker")
        .order_by("due_on", "pk")
    )
    return [Late(one.application, one.get_kind_display(), one.due_on) for one in found[:MOST_LATE]]


def late_among(references):
    """Those of these cases' references that have a deadline missed and not kept yet. One query, or none."""
    if not references:
        return frozenset()
    return frozenset(
        _missed()
        .filter(application__reference__in=references)
        .values_list("application__reference", flat=True)
    )


def _missed():
    return Deadline.objects.filter(closed_on=None, missed_on__isnull=False)
