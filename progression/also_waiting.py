"""What waits for somebody beside the cases that wait for their next move: requests made within a state.

Each package above this one names its kinds of request, and config puts them here. However many there are, all
of them are found by one query, which mostly finds none.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from functools import cache

from django.db import connection
from django.db.models import BigIntegerField, DateField, F, Value
from django.urls import reverse

from people.permissions import allowed
from progression import judges
from progression.access import sees
from progression.models import Application, Capacity

KINDS = []
"""The kinds of Request. Filled by config."""


@dataclass(frozen=True)
class Request:
    """One kind of request. `waiting` answers a queryset of those that nobody has answered.

    Its `case` is the field that leads to the case's id, `by` the field of the last day, or none;
    `asked_by_id` and `asked_for_id` are kept for `check`, which raises NotAllowed unless the reader, of
    this `capacity`, may answer: `check(user, application, row)`. `what` says it of the application.
    """

    what: Callable[[Application], str]
    waiting: Callable
    case: str
    capacity: Capacity
    check: Callable
    page: str
    by: str | None = None
    asked_by_two: bool = False


@dataclass(frozen=True)
class Row:
    """One request found."""

    kind: int
    case_id: int
    number: int
    by: date | None
    asked_by_id: int | None
    asked_for_id: int | None


@dataclass(frozen=True)
class AlsoWaiting:
    """One request, as a line of the start page."""

    what: str
    application: Application
    href: str
    by: date | None
    overdue: bool


def also_waiting(user, *, today):
    """The requests that wait for `user`, by kind, the oldest first. One query; where any wait, three."""
    rows = _found(user)
    if not rows:
        return []
    about = Application.objects.select_related("worker", "team__service", "scheme")
    cases = about.in_bulk({row.case_id for row in rows})
    judges.ask_once_of_all([(cases[row.case_id], KINDS[row.kind].capacity) for row in rows])
    return [
        _line(KINDS[row.kind], row, cases[row.case_id], today)
        for row in rows
        if allowed(KINDS[row.kind].check, user, cases[row.case_id], row)
    ]


def _found(user):
    sql, values = _asked()
    columns = ", ".join(field.name for field in fields(Row))
    seen, asking = sees(user, "w.case_id")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({sql}) w ({columns}) WHERE {seen}", [*values, *asking])  # noqa: S608
        return sorted((Row(*row) for row in cursor.fetchall()), key=lambda row: (row.kind, row.number))


@cache
def _asked():
    """The SQL of all that is asked, the same for everybody: to build it takes longer than to ask it."""
    none, no_day = Value(None, BigIntegerField()), Value(None, DateField())
    found = [
        kind.waiting()
        .order_by()
        .values_list(
            Value(place),
            kind.case,
            "pk",
            F(kind.by) if kind.by else no_day,
            F("asked_by_id") if kind.asked_by_two else none,
            F("asked_for_id") if kind.asked_by_two else none,
        )
        for place, kind in enumerate(KINDS)
    ]
    return found[0].union(*found[1:], all=True).query.sql_with_params()


def _line(kind, row, application, today):
    return AlsoWaiting(
        what=kind.what(application),
        application=application,
        href=reverse(kind.page, args=[application.reference]),
        by=row.by,
        overdue=row.by is not None and row.by < today,
    )
