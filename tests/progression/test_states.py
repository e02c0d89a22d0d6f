"""The table of states, and the kernel that lets nothing through but what the table has."""

import itertools

import pytest
from django.core.management import call_command

from people.policies import Blocked
from progression import transitions
from progression.models import Event
from progression.process_document import PATH, process_document
from progression.states import BEING_BUILT, NEED_REASON, OPEN, STAGES, WITHDRAWABLE, State
from tests.council import NOW, organisation
from tests.walk import application_at

MOVES = [(state, to) for state, stage in STAGES.items() for to in stage.moves]


def test_every_state_has_its_stage():
    assert list(STAGES) == list(State)


def test_every_state_can_be_reached():
    assert {to for _, to in MOVES} | {State.DRAFT} == set(State)


def test_what_is_over_has_nowhere_to_go():
    """A closed state has no move but being looked at again, or an award taken back. R15, R19, R32."""
    for state, stage in STAGES.items():
        if state not in OPEN:
            back = State.RECOMMENDED if state == State.IMPLEMENTED else State.UNDER_APPEAL
            assert set(stage.moves) <= {back}, state


def test_nobody_withdraws_after_a_decision():
    undecided = {*BEING_BUILT, State.SUBMITTED, State.RECOMMENDED, State.NOT_RECOMMENDED}
    assert set(WITHDRAWABLE) == undecided | {State.UNDER_APPEAL}


def test_the_diagram_is_fresh():
    """After a change to the table: manage.py draw_process."""
    assert PATH.read_text("utf-8") == process_document()


def test_drawing_writes_the_page(tmp_path, monkeypatch):
    page = tmp_path / "process.md"
    monkeypatch.setattr("progression.management.commands.draw_process.PATH", page)
    call_command("draw_process", verbosity=0)
    assert page.read_text("utf-8") == process_document()


@pytest.mark.django_db
def test_only_the_tables_moves_go_through():
    """Every state to every state, with a reason: what the table has not is refused, and writes nothing."""
    application = application_at(State.DRAFT)
    for here, to in itertools.product(State, State):
        if (here, to) in MOVES:
            continue
        application.state = here
        before = Event.objects.count()
        with pytest.raises(ValueError, match="No move"):
            transitions.move(
                application, to, actor=application.worker, verb="tried", now=NOW, reason="Because."
            )
        assert Event.objects.count() == before
        application.refresh_from_db()
        assert application.state == State.DRAFT


@pytest.mark.django_db
def test_a_move_writes_state_history_and_deadline_together():
    place = organisation()
    application = application_at(State.SUBMITTED, worker=place.worker)
    event = application.events.last()
    assert (event.from_state, event.to_state, event.actor) == (State.DRAFT, State.SUBMITTED, place.worker)
    assert event.detail["sha256"] == application.portfolio.submissions.get().sha256
    assert application.deadlines.get(closed_on=None).state == State.SUBMITTED


@pytest.mark.django_db
@pytest.mark.parametrize("state", [State.SUBMITTED, State.WITHDRAWN])
def test_who_comes_second_is_told_who_moved_it_and_when(state):
    application = application_at(state)
    with pytest.raises(Blocked) as stopped:
        transitions.lock(application, State.DRAFT)
    assert application.worker.name in str(stopped.value)
    assert "10 March 2026 at 10:00am" in str(stopped.value)


def test_moves_that_need_a_reason_are_those_that_judge():
    """R14, R18, R21."""
    assert State.RETURNED in NEED_REASON
    assert State.SUBMITTED not in NEED_REASON
