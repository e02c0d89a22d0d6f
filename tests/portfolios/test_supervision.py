"""Between applications: what worker and manager write down, who may, and what is kept as it was. R5, R40."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from people.models import Delegation
from people.permissions import NotAllowed
from people.policies import Blocked
from people.roles import Role
from portfolios import supervision_selectors as selectors
from portfolios import supervision_transitions as transitions
from portfolios.models import DevelopmentAction, Priority, SupervisionNote, Training
from portfolios.supervision_permissions import reads_development
from tests.council import NOW, TODAY, organisation, person, team_of
from tests.reading import text
from tests.standing_in import away

pytestmark = pytest.mark.django_db
NOTE = {"held_on": date(2026, 3, 4), "reflection": "We looked at the core group of 2 March."}
COURSE = {
    "title": "Motivational interviewing",
    "provider": "The council",
    "taken_on": date(2026, 2, 3),
    "learned": "To ask before I advise.",
    "applied": "",
}


@pytest.fixture
def place():
    return organisation()


def note_by(actor, worker, headings=(), **said):
    return transitions.write_note(
        worker, actor=actor, competencies=headings, now=NOW, today=TODAY, **NOTE | said
    )


def planned(actor, worker, **said):
    said = {"action": "Shadow a court case", "competency": None, "by_when": TODAY} | said
    return transitions.plan_action(worker, actor=actor, now=NOW, today=TODAY, **said)


def trained(worker, headings=(), **said):
    return transitions.record_training(worker, actor=worker, competencies=headings, now=NOW, **COURSE | said)


def agreed(actor, worker):
    return transitions.agree_priority(
        worker, actor=actor, text="Court work", review_on=TODAY + timedelta(days=180), today=TODAY
    )


@pytest.mark.rule("R40", page="/development/")
def test_worker_and_manager_write_notes_priorities_and_a_plan(place):
    headings = selectors.headings_for(place.worker, today=TODAY)[:2]
    for actor in (place.worker, place.manager):
        note_by(actor, place.worker, headings)
        planned(actor, place.worker, action=f"Something, says {actor}", competency=headings[0])
    agreed(place.manager, place.worker)
    trained(place.worker, headings)
    now = selectors.development_of(place.worker)
    assert [note.written_by for note in now.notes.rows] == [place.manager, place.worker]
    assert list(now.notes.rows[0].competencies.all()) == headings
    assert [action.competency for action in now.plan] == headings[:1] * 2
    assert [priority.agreed_by for priority in now.priorities] == [place.manager]
    assert [training.title for training in now.training.rows] == ["Motivational interviewing"]


def test_what_is_sent_twice_is_there_once(place):
    for _ in range(2):
        note_by(place.worker, place.worker)
        planned(place.worker, place.worker)
        agreed(place.manager, place.worker)
        trained(place.worker)
    for model in (SupervisionNote, DevelopmentAction, Priority, Training):
        assert model.objects.count() == 1, model


OUTSIDERS = ["colleague", "other_manager", "service_manager", "head", "director", "psw", "auditor"]
OUTSIDERS += ["payroll", "administrator"]


@pytest.mark.parametrize("who", OUTSIDERS)
def test_nobody_else_reads_or_writes_it(place, who):
    """The near misses: the right role and the wrong team; seniors of the very service; the auditor."""
    actor = getattr(place, who)
    action, training = planned(place.worker, place.worker), trained(place.worker)
    priority = agreed(place.manager, place.worker)
    assert not reads_development(actor, place.worker, today=TODAY)
    for act in (
        lambda: note_by(actor, place.worker),
        lambda: planned(actor, place.worker),
        lambda: agreed(actor, place.worker),
        lambda: transitions.end_priority(priority, actor=actor, today=TODAY),
        lambda: transitions.finish_action(action, actor=actor, done_on=TODAY, outcome="x", today=TODAY),
        lambda: transitions.agree_training(training, actor=actor, today=TODAY),
        lambda: transitions.say_how_applied(training, actor=actor, learned="x", applied="x"),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_the_worker_does_not_agree_alone(place):
    training, priority = trained(place.worker), agreed(place.manager, place.worker)
    for act in (
        lambda: agreed(place.worker, place.worker),
        lambda: transitions.end_priority(priority, actor=place.worker, today=TODAY),
        lambda: transitions.agree_training(training, actor=place.worker, today=TODAY),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_the_manager_does_not_say_what_the_worker_learned(place):
    training = trained(place.worker)
    with pytest.raises(NotAllowed):
        transitions.say_how_applied(training, actor=place.manager, learned="x", applied="x")
    with pytest.raises(NotAllowed):
        transitions.record_training(place.worker, actor=place.manager, competencies=(), now=NOW, **COURSE)


def test_a_manager_reads_it_only_while_the_team_is_theirs(place):
    assert reads_development(place.manager, place.worker, today=TODAY)
    place.team.manager = place.other_manager
    place.team.save()
    place.worker.post.team.refresh_from_db()
    assert not reads_development(place.manager, place.worker, today=TODAY)
    assert reads_development(place.other_manager, place.worker, today=TODAY)
    with pytest.raises(NotAllowed):
        note_by(place.manager, place.worker)


@pytest.mark.parametrize(
    ("first_day", "last_day", "ended", "reads"),
    [
        (TODAY, TODAY, None, True),
        (TODAY - timedelta(days=7), TODAY + timedelta(days=7), None, True),
        (TODAY + timedelta(days=1), TODAY + timedelta(days=7), None, False),
        (TODAY - timedelta(days=7), TODAY - timedelta(days=1), None, False),
        (TODAY, TODAY, NOW, False),
    ],
)
def test_whoever_stands_in_for_the_manager_reads_it_on_those_days(place, first_day, last_day, ended, reads):
    Delegation.objects.create(
        delegator=place.manager,
        delegate=place.other_manager,
        first_day=first_day,
        last_day=last_day,
        made_at=NOW,
        made_by=place.manager,
        ended_at=ended,
        ended_by=place.manager if ended else None,
    )
    assert reads_development(place.other_manager, place.worker, today=TODAY) is reads


def test_a_manager_has_no_development_pages_of_their_own(place):
    """Nor the manager of a manager: only social workers have them."""
    assert not reads_development(place.manager, place.manager, today=TODAY)
    above = team_of(place.service, person(Role.SERVICE_MANAGER))
    assert not reads_development(above.manager, place.manager, today=TODAY)


@pytest.mark.rule("R5", scheme="medway-2010", page="/team/<worker>/development/training/<pk>/agree/")
def test_training_is_agreed_by_the_manager_by_name_and_day(place):
    training = trained(place.worker)
    assert training.agreed_by is None
    transitions.agree_training(training, actor=place.manager, today=TODAY)
    training.refresh_from_db()
    assert (training.agreed_by, training.agreed_on) == (place.manager, TODAY)
    with pytest.raises(Blocked):
        transitions.agree_training(training, actor=place.manager, today=TODAY)


@pytest.mark.rule("R40", page="/development/training/<pk>/")
def test_training_taken_is_shown_applied_in_practice(place):
    training = trained(place.worker)
    transitions.say_how_applied(
        training, actor=place.worker, learned=training.learned, applied="I asked, and she told me."
    )
    training.refresh_from_db()
    assert training.applied == "I asked, and she told me."


def test_an_action_is_finished_once_with_what_came_of_it(place):
    action = planned(place.manager, place.worker)
    transitions.finish_action(
        action, actor=place.worker, done_on=TODAY, outcome="I sat in on two days.", today=TODAY
    )
    with pytest.raises(Blocked):
        transitions.finish_action(action, actor=place.manager, done_on=TODAY, outcome="No", today=TODAY)
    action.refresh_from_db()
    assert (action.done_on, action.outcome) == (TODAY, "I sat in on two days.")
    assert selectors.development_of(place.worker).plan == []


def test_a_priority_ends_once(place):
    priority = agreed(place.manager, place.worker)
    transitions.end_priority(priority, actor=place.manager, today=TODAY)
    with pytest.raises(Blocked):
        transitions.end_priority(priority, actor=place.manager, today=TODAY)
    assert selectors.development_of(place.worker).priorities == []


@pytest.mark.rule("R40")
def test_what_was_written_stays_as_it_was(place):
    """PostgreSQL's own word: a note is never changed nor deleted, nor its headings; nor what was agreed."""
    headings = selectors.headings_for(place.worker, today=TODAY)
    note = note_by(place.manager, place.worker, headings[:1])
    agreed(place.manager, place.worker)
    training = trained(place.worker)
    transitions.agree_training(training, actor=place.manager, today=TODAY)
    for change in (
        lambda: SupervisionNote.objects.update(reflection="Something else"),
        lambda: SupervisionNote.objects.update(held_on=TODAY),
        lambda: note.competencies.clear(),
        lambda: SupervisionNote.objects.all()._raw_delete("default"),
        lambda: Priority.objects.update(text="Something else"),
        lambda: Training.objects.update(agreed_by=None, agreed_on=None),
        lambda: Training.objects.update(title="Another course"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (Priority, {"agreed_by": "worker"}),
        (Training, {"agreed_by": "worker", "agreed_on": TODAY}),
        (Training, {"agreed_on": TODAY}),
        (Training, {"title": ""}),
    ],
)
def test_nothing_is_agreed_with_oneself_nor_by_nobody(place, model, change):
    fields = {
        Priority: {"text": "Court work", "agreed_on": TODAY, "agreed_by": place.manager},
        Training: {"title": "A course", "taken_on": TODAY, "added_at": NOW},
    }[model]
    change = {name: place.worker if value == "worker" else value for name, value in change.items()}
    model.objects.create(worker=place.worker, **fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(worker=place.worker, **fields | change)


def test_what_whoever_stands_in_writes_has_both_names(client, place):
    stand_in = organisation().manager
    away(place.manager, stand_in)
    today = localdate()
    training = trained(place.worker)
    said = transitions.write_note(place.worker, actor=stand_in, competencies=(), now=NOW, today=today, **NOTE)
    agreed_on = transitions.agree_priority(
        place.worker, actor=stand_in, text="Court work", review_on=None, today=today
    )
    transitions.agree_training(training, actor=stand_in, today=today)
    training.refresh_from_db()
    assert {one.on_behalf_of for one in (said, agreed_on, training)} == {place.manager}
    client.force_login(place.worker)
    page = text(client.get("/development/"))
    both = f"{stand_in.name}, standing in for {place.manager.name}"
    assert f"Written by {both}" in page
    assert page.count(f"Agreed with {both}") == 2


def test_of_their_own_there_is_one_name(place):
    """The near miss: what the manager writes, and what the worker does."""
    for actor in (place.manager, place.worker):
        assert note_by(actor, place.worker).on_behalf_of is None
    assert agreed(place.manager, place.worker).on_behalf_of is None
