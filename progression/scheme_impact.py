"""What a new version of a scheme would have meant for the applications that go on: which, and by what.

An application is named by its reference, to whoever looks after the scheme of its service; never its worker.
"""

from collections import Counter
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Count, Q

from competencies.questions import Until
from people.models import Service
from progression import access
from progression.models import Application
from progression.states import BEING_BUILT, OPEN, STAGES, State

UNDECIDED = (*BEING_BUILT, State.SUBMITTED, State.RECOMMENDED, State.NOT_RECOMMENDED)
STATES = {
    Until.NEVER_TOUCHED: (),
    Until.HANDED_IN: BEING_BUILT,
    Until.ASSESSED: (*BEING_BUILT, State.SUBMITTED),
    Until.DECIDED: UNDECIDED,
    Until.ANSWERED: (*UNDECIDED, State.UNDER_APPEAL),
    Until.FORM_MADE: (*UNDECIDED, State.AUTHORISED, State.UNDER_APPEAL, State.UPHELD),
    Until.IN_PAY: OPEN,
}
"""The states in which an application has not yet come so far. A change would have touched it only there."""
A_PAGE = 50


@dataclass(frozen=True)
class Place:
    """Where some open applications stand: all there are touched by the same changes."""

    to_level: int
    state: str
    newly_qualified: bool

    def is_touched_by(self, difference):
        """Whether a change would have meant anything to an application here. R1, R10."""
        return (
            self.state in STATES[difference.until]
            and (difference.steps is None or self.to_level in difference.steps)
            and (self.newly_qualified or not difference.newly_qualified)
        )


@dataclass(frozen=True)
class Row:
    """One open application, and what would have touched it: "2 criteria, 1 rule"."""

    reference: str
    team: str
    step: str
    state: str
    by: str
    may_open: bool


@dataclass(frozen=True)
class Touched:
    """The open applications that the changes would have touched, counted."""

    on_version: int
    """Open under the version that the draft is compared with."""
    on_earlier: int
    """Open under a version before it."""
    touched: int
    """Of those on the version, how many something changes for."""
    elsewhere: int
    """Of those touched, how many are of services that the reader does not act for: not named."""
    by_change: list
    """(Difference, how many it would have touched), as the differences come."""
    own: list
    """The services that the reader acts for, by id."""
    places: list
    """Every Place with an application touched."""


def touched(user, draft, differences):
    """The Touched of a draft. Two queries, whatever the number of applications."""
    groups = list(
        Application.objects.filter(scheme__code=draft.code, state__in=OPEN)
        .order_by()
        .values_list(
            "scheme_id",
            "team__service_id",
            "step__to_level__number",
            "state",
            "worker__post__newly_qualified",
        )
        .annotate(count=Count("pk"))
    )
    here = [
        (Place(*where, bool(newly)), service, count)
        for scheme, service, *where, newly, count in groups
        if scheme == draft.based_on_id
    ]
    places = {place for place, *_ in here}
    hit = {place for place in places if any(map(place.is_touched_by, differences))}
    own = list(Service.objects.filter(officers=user).values_list("pk", flat=True))
    on_version = sum(count for *_, count in here)
    return Touched(
        on_version=on_version,
        on_earlier=sum(count for *_, count in groups) - on_version,
        touched=sum(count for place, _, count in here if place in hit),
        elsewhere=sum(count for place, service, count in here if place in hit and service not in own),
        by_change=[
            (one, sum(count for place, _, count in here if place.is_touched_by(one))) for one in differences
        ],
        own=own,
        places=sorted(hit, key=lambda place: (place.to_level, place.state, place.newly_qualified)),
    )


def page_of(user, draft, differences, touched, number):
    """A page of Rows by team: what is touched in the services that `user` acts for. Three queries."""
    found = Application.objects.none()
    if touched.places:
        found = Application.objects.filter(
            _at(touched.places), scheme_id=draft.based_on_id, team__service__in=touched.own
        )
    found = found.select_related("team", "step__to_level", "worker__post").order_by("team__name", "reference")
    page = Paginator(found, A_PAGE).get_page(number)
    cases = list(page.object_list)
    may_open = set(
        access.visible_to(user).filter(pk__in=[case.pk for case in cases]).values_list("pk", flat=True)
    )
    said = {place: _by(place, differences) for place in touched.places}
    page.object_list = [
        Row(
            reference=case.reference,
            team=case.team.name,
            step=f"To {case.step.to_level.name}",
            state=STAGES[State(case.state)].staff_see,
            by=said[_place_of(case)],
            may_open=case.pk in may_open,
        )
        for case in cases
    ]
    return page


def _at(places):
    """The condition that an application stands in one of `places`."""
    found = Q()
    for place in places:
        newly = Q(worker__post__newly_qualified=True)
        found |= Q(step__to_level__number=place.to_level, state=place.state) & (
            newly if place.newly_qualified else ~newly
        )
    return found


def _place_of(case):
    post = getattr(case.worker, "post", None)
    return Place(case.step.to_level.number, case.state, bool(post and post.newly_qualified))


NUMBERED = {
    "heading": ("heading", "headings"),
    "criterion": ("criterion", "criteria"),
    "rule": ("rule", "rules"),
}


def _by(place, differences):
    counted = Counter(one.kind for one in differences if place.is_touched_by(one))
    return ", ".join(
        f"{counted[kind]} {one if counted[kind] == 1 else more}"
        for kind, (one, more) in NUMBERED.items()
        if counted[kind]
    )


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
