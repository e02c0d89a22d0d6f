"""Ready when? The earliest day on which a worker can apply, and every gate on the way. R10, R11, R34, R35."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from competencies import selectors as competencies
from competencies.models import Scheme, Step
from progression import gates, policies
from progression.gates import Gate, GateState
from progression.models import Application, Meeting
from progression.states import BEING_BUILT, OPEN


@dataclass(frozen=True)
class Readiness:
    """The gates of the worker's next step. `step` is None at the highest level, and then there are none.

    `earliest` is the first day on which a portfolio can be handed in, or None where nobody can say: `why_not`
    then says what it hangs on, and `not_before` the day that the gates with a day give.
    """

    scheme: Scheme
    step: Step | None
    gates: list[Gate]
    earliest: date | None
    not_before: date
    why_not: list[str]
    building: Application | None = None
    """The application whose portfolio is being built, if there is one."""

    @property
    def late(self):
        """Whether a gate with a day stands in the way, whatever the others do."""
        return any(gate.state == GateState.SHUT and not gate.page for gate in self.gates)

    @property
    def ready_today(self):
        return self.step is not None and all(not gate.in_the_way for gate in self.gates)

    @property
    def in_the_way(self):
        return [gate for gate in self.gates if gate.in_the_way]

    @property
    def expected(self):
        """What the manager gives a reason to go on without. R11."""
        return [gate for gate in self.gates if gate.state == GateState.EXPECTED]


def readiness(worker, *, today):
    """When this worker, whose post is at hand, can hand in an application for their next level.

    Three queries, or up to five where the scheme judges at a meeting.
    """
    application = Application.objects.filter(worker=worker, state__in=OPEN).select_related("step").first()
    building = application if application and application.state in BEING_BUILT else None
    if building:
        scheme, step = building.scheme, competencies.asked_by(building.step_id).step
    else:
        scheme = competencies.current_scheme(worker.post.team.scheme_code, today=today)
        step = competencies.step_from(scheme, worker.post.level)
    if step is None:
        return _at_the_top(scheme, today=today)
    found = policies.gates_of(worker.post, step, application=building, today=today)
    return _readiness(scheme, step, found, application, building, today=today)


@dataclass(frozen=True)
class Ahead:
    """When a worker can apply, as in `readiness`, and their next meeting, if one is in the diary."""

    ready: Readiness | None
    meeting: Meeting | None


def applications_of_all(workers):
    """{worker's id: their applications, the open one first, then the latest}. One query."""
    found = Application.objects.filter(worker__in=workers).alias(going_on=Q(state__in=OPEN))
    found = found.select_related("scheme", "step", "portfolio", "team")
    by_worker = {}
    for one in found.order_by("-going_on", "-started_at", "-id"):
        by_worker.setdefault(one.worker_id, []).append(one)
    return by_worker


def ahead_of_all(posts, made, *, today):
    """{worker's id: Ahead} of many posts, each with its team, and the applications `made`. Two queries.

    `ready` is None where no scheme has begun.
    """
    going_on = {worker: theirs[0] for worker, theirs in made.items() if theirs[0].is_open}
    meetings = _meetings_of([post.holder_id for post in posts])
    steps = competencies.current_steps({post.team.scheme_code for post in posts}, today=today)
    found = {}
    for post in posts:
        diary = meetings.get(post.holder_id, [])
        coming = next((meeting for meeting in diary if meeting.held_on is None), None)
        ready = _ready(post, steps, going_on.get(post.holder_id), diary, coming, today=today)
        found[post.holder_id] = Ahead(ready, coming)
    return found


def _ready(post, steps, application, diary, coming, *, today):
    building = application if application and application.state in BEING_BUILT else None
    scheme, by_level = steps.get(post.team.scheme_code, (None, {}))
    step = competencies.asked_by(building.step_id).step if building else by_level.get(post.level)
    if step is None:
        return scheme and _at_the_top(scheme, today=today)
    met_at = next(
        (meeting for meeting in diary if building and meeting.application_id == building.pk), coming
    )
    found = gates.of_step(post, step, met_at, building, today=today)
    return _readiness(
        building.scheme if building else scheme, step, found, application, building, today=today
    )


def _meetings_of(workers):
    found = {}
    for meeting in Meeting.objects.filter(worker__in=workers, cancelled_at=None):
        found.setdefault(meeting.worker_id, []).append(meeting)
    return found


def _at_the_top(scheme, *, today):
    return Readiness(
        scheme, None, [], None, today, policies.blocks_on_starting(None, None, known_closed=True)
    )


def _readiness(scheme, step, found, application, building, *, today):
    found = [*found, _no_other_open(application, building)]
    day = _first_day(found, step.rules, today=today)
    unknown = [gate.in_full for gate in found if gate.state == GateState.UNKNOWN]
    return Readiness(scheme, step, found, None if unknown else day, day, unknown, building)


def _no_other_open(application, building):
    """The gate of R1: one application at a time."""
    name = "No other application"
    if application is None:
        return Gate(name, GateState.OPEN, "No application is open.")
    if building:
        return Gate(name, GateState.OPEN, f"The only one is {application.reference}, being built now.")
    sentence = f"{application.reference} is going on. It must be decided, or withdrawn, before the next."
    return Gate(name, GateState.UNKNOWN, sentence)


def _first_day(found, rules, *, today):
    """The first day by which every gate with a day is open, and on which the scheme takes applications."""
    day = max([today, *(gate.opens_on for gate in found if gate.state == GateState.SHUT)])
    if rules.cycle.opens is not None and not rules.cycle.opens.contains(day):
        return gates.window_from(rules.cycle.opens, day)[0]
    return day
