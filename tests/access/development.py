"""Rows of the table for supervision and development: the worker's and their manager's alone. R40."""

from datetime import timedelta

from django.utils.timezone import localdate

from portfolios import supervision_transitions as transitions
from progression.states import State
from tests.access import given
from tests.access.cast import COLLEAGUE, MANAGER, WORKER, WORKERS
from tests.access.row import Row

OWN, TEAM = "development/", "team/<int:worker>/development/"
APPLIED = {"applied": "On each visit since."}
TOO_LARGE = {"pk": 10**30}


def _on(name, **ahead):
    day = localdate() + timedelta(**ahead)
    return {f"{name}_0": str(day.day), f"{name}_1": str(day.month), f"{name}_2": str(day.year)}


def _note(case):
    return {"reflection": "We looked at two visits.", "headings_0": ["recording"], **_on("held_on")}


def _planned(case):
    return {"action": "Shadow a court case.", "heading": "recording", **_on("by_when", days=30)}


def _finished(case):
    return {"outcome": "Two days in court.", **_on("done_on")}


def _course(case):
    return {"title": "Motivational interviewing", **_on("taken_on")}


def _made(world, who, verb, **said):
    """Something new about the worker of the draft, or about their colleague."""
    worker = world.place.colleague if who == "colleague" else world.case(State.DRAFT).worker
    actor = world.place.manager if verb in (transitions.agree_priority, transitions.plan_action) else worker
    return {"pk": verb(worker, actor=actor, **said).pk}


def an_action(world, who="worker"):
    said = {"action": "Shadow a court case.", "competency": None, "by_when": None}
    return _made(world, who, transitions.plan_action, **said, now=world.now, today=localdate())


def training(world, who="worker"):
    said = {"title": "A course", "provider": "", "learned": "", "applied": "", "competencies": ()}
    day = localdate()
    return _made(world, who, transitions.record_training, **said, taken_on=day, now=world.now)


def a_priority(world, who="worker"):
    said = {"text": "Court work", "review_on": None, "today": localdate()}
    return _made(world, who, transitions.agree_priority, **said)


def another_action(world):
    return an_action(world, "colleague")


def another_training(world):
    return training(world, "colleague")


def another_priority(world):
    return a_priority(world, "colleague")


NOTES = {"part": "notes"}
ROWS = (
    # The worker's own
    Row(OWN, opens=WORKERS),
    Row(OWN + "<slug:part>/", opens=WORKERS, args=NOTES),
    Row(OWN + "<slug:part>/", args={"part": "no-such-part"}),
    Row(OWN + "notes/add/", opens=WORKERS, sends=_note),
    Row(OWN + "plan/add/", opens=WORKERS, sends=_planned),
    Row(OWN + "plan/<int:pk>/finish/", opens=WORKER, sends=_finished, args=an_action),
    Row(OWN + "plan/<int:pk>/finish/", opens=COLLEAGUE, absent=WORKER, sends=_finished, args=another_action),
    Row(OWN + "plan/<int:pk>/finish/", sends=_finished, args=TOO_LARGE),
    Row(OWN + "training/add/", opens=WORKERS, sends=_course),
    Row(
        OWN + "training/<int:pk>/",
        opens=WORKER,
        sends=APPLIED,
        empty=302,
        args=training,
    ),
    Row(
        OWN + "training/<int:pk>/",
        opens=COLLEAGUE,
        absent=WORKER,
        sends=APPLIED,
        empty=302,
        args=another_training,
    ),
    # The same for the manager of the team: not another's, nor the seniors of the service
    Row(TEAM, opens=MANAGER),
    Row(TEAM, State.DRAFT, given.worker_now_manages_the_team),
    Row(TEAM, args={"worker": 10**30}),
    Row(TEAM + "<slug:part>/", opens=MANAGER, args=NOTES),
    Row(TEAM + "notes/add/", opens=MANAGER, sends=_note),
    Row(TEAM + "plan/add/", opens=MANAGER, sends=_planned),
    Row(TEAM + "plan/<int:pk>/finish/", opens=MANAGER, sends=_finished, args=an_action),
    Row(TEAM + "plan/<int:pk>/finish/", sends=_finished, args=another_action),
    Row(TEAM + "priorities/add/", opens=MANAGER, sends={"text": "Court work"}),
    Row(TEAM + "priorities/<int:pk>/end/", opens=MANAGER, sends={}, empty=302, args=a_priority),
    Row(TEAM + "priorities/<int:pk>/end/", sends={}, args=another_priority),
    Row(TEAM + "training/<int:pk>/agree/", opens=MANAGER, sends={}, empty=302, args=training),  # R5
    Row(TEAM + "training/<int:pk>/agree/", sends={}, args=another_training),
)
