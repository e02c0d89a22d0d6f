"""What is late: official deadlines missed and still not kept, for those who watch over a service."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from django.db import connection

from people.selectors import TEAMS_OVERSEEN
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
    sql, values = _all_missed()
    among = f"({sql}) w (reference, worker, what, by, number, of, team)"
    longest = f"SELECT reference, worker, what, by FROM {among} WHERE team IN ({TEAMS_OVERSEEN})"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(
            f"{longest} AND of <> %s ORDER BY by, number LIMIT %s", [*values, user.pk, user.pk, MOST_LATE]
        )
        return [
            Late(reference, worker, DeadlineKind(kind).label, by)
            for reference, worker, kind, by in cursor.fetchall()
        ]


@cache
def _all_missed():
    """The SQL of what is late anywhere, the same for everybody: to build it takes longer than to ask it."""
    case = "application__"
    shown = (f"{case}reference", f"{case}worker__name", "kind", "due_on")
    return (
        missed()
        .order_by()
        .values_list(*shown, "pk", f"{case}worker_id", f"{case}team_id")
        .query.sql_with_params()
    )


def missed():
    """The deadlines that were missed and are not kept yet."""
    return Deadline.objects.filter(closed_on=None, missed_on__isnull=False)
