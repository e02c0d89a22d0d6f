"""What a new version of a scheme would have meant for the applications that go on: figures, never cases.

Whoever looks after a scheme sees how many, not whose: no reference, no name.
"""

from dataclasses import dataclass

from django.db.models import Count

from people.models import Service
from progression.models import Application
from progression.states import OPEN, STAGES, State


@dataclass(frozen=True)
class Line:
    """How many open applications of one team stand at one step in one state."""

    team: str
    step: str
    state: str
    count: int


@dataclass(frozen=True)
class Touched:
    """The open applications that the changes would have touched, counted."""

    on_version: int
    """Open under the version that the draft is compared with."""
    on_earlier: int
    """Open under a version before it."""
    touched: int
    """Of those on the version, how many stand at a step that something changes for."""
    lines: list[Line]
    elsewhere: int
    """Of those touched, how many are of services that the reader does not act for: not shown by team."""
    by_change: list
    """(Difference, how many it would have touched), as the differences come."""


def touched(user, draft, differences):
    """The Touched of a draft. Two queries, whatever the number of applications."""
    groups = list(
        Application.objects.filter(scheme__code=draft.code, state__in=OPEN)
        .order_by()
        .values_list(
            "scheme_id",
            "step__to_level__number",
            "step__to_level__name",
            "team__service_id",
            "team__name",
            "state",
        )
        .annotate(count=Count("pk"))
    )
    here = [group for group in groups if group[0] == draft.based_on_id]
    steps = {level for _, level, *_ in here}
    changed = set()
    for one in differences:
        changed |= steps if one.steps is None else one.steps & steps
    hit = [group for group in here if group[1] in changed]
    own = set(Service.objects.filter(officers=user).values_list("pk", flat=True))
    lines = [
        Line(team, f"To {level}", STAGES[State(state)].staff_see, count)
        for _, _, level, service, team, state, count in sorted(hit, key=lambda group: (group[4], *group[1:]))
        if service in own
    ]
    return Touched(
        on_version=_sum(here),
        on_earlier=_sum(groups) - _sum(here),
        touched=_sum(hit),
        lines=lines,
        elsewhere=_sum(group for group in hit if group[3] not in own),
        by_change=[
            (one, _sum(group for group in here if one.steps is None or group[1] in one.steps))
            for one in differences
        ],
    )


def _sum(groups):
    return sum(group[-1] for group in groups)


def first_months(user, code, review):
    """(step, state, count) of the applications begun from the day the scheme began to its review. R24.

    Of the services that `user` acts for. One query.
    """
    found = (
        Application.objects.filter(
            scheme__code=code,
            team__service__officers=user,
            started_at__date__gte=review.began,
            started_at__date__lt=review.due,
        )
        .order_by("step__to_level__number")
        .values_list("step__to_level__name", "state")
        .annotate(count=Count("pk"))
    )
    counted = {}
    for step, state, count in found:
        at_step = counted.setdefault(step, {})
        at_step[state] = at_step.get(state, 0) + count
    return [
        (step, [(STAGES[state].staff_see, states[state]) for state in State if state in states])
        for step, states in counted.items()
    ]
