"""The law as PostgreSQL keeps it, broken on purpose: each constraint by its name."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError

from portfolios.models import Portfolio
from progression.models import Application, Deadline, Event, Notice
from progression.states import NEED_REASON, State
from tests.council import NOW, TODAY, organisation
from tests.walk import application_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return organisation()


@pytest.fixture
def application(place):
    return application_at(State.SUBMITTED, worker=place.worker)


def refused_by(constraint, act, *args, **kwargs):
    """Assert that PostgreSQL refuses `act`, naming `constraint`."""
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        act(*args, **kwargs)


def put(application, **fields):
    Application.objects.filter(pk=application.pk).update(**fields)


@pytest.mark.rule("R1")
def test_one_open_application_a_worker(place, application):
    """R1."""
    other = Portfolio.objects.create(
        worker=place.worker, step=application.step, is_open=False, created_at=NOW
    )
    refused_by(
        "application_one_open_a_worker",
        Application.objects.create,
        reference="APP-2026-9999",
        worker=place.worker,
        team=place.team,
        scheme=application.scheme,
        step=application.step,
        portfolio=other,
        state_since=NOW,
        started_at=NOW,
    )


def test_a_closed_application_beside_an_open_one_is_no_second(place):
    """The near miss: withdrawn, then started again. R1."""
    application_at(State.WITHDRAWN, worker=place.worker)
    application_at(State.SUBMITTED, worker=place.worker)


def test_states_are_the_tables(application):
    refused_by("application_state_known", put, application, state="lost")


def test_the_worker_is_not_the_assessor(place, application):
    """R9, R15."""
    refused_by("application_assessor_not_worker", put, application, assessor=place.worker, assessed_on=TODAY)


def test_the_worker_is_not_the_authoriser(place, application):
    """R15."""
    refused_by("application_authoriser_not_worker", put, application, authoriser=place.worker)


def test_the_assessor_is_not_the_authoriser(place, application):
    """R15."""
    refused_by(
        "application_authoriser_not_assessor",
        put,
        application,
        assessor=place.manager,
        assessed_on=TODAY,
        authoriser=place.manager,
    )


def test_an_assessor_has_a_date(place, application):
    refused_by("application_assessor_with_date", put, application, assessor=place.manager)


def test_nothing_is_decided_before_it_is_assessed(application):
    refused_by("application_assessed_before_decided", put, application, state=State.RECOMMENDED)


def test_nothing_is_paid_without_authoriser_and_date(place, application):
    refused_by(
        "application_pay_needs_authoriser_and_date",
        put,
        application,
        assessor=place.manager,
        assessed_on=TODAY,
        authoriser=place.service_manager,
        state=State.AUTHORISED,
    )


@pytest.mark.rule("R14")
@pytest.mark.rule("R18")
@pytest.mark.parametrize("state", NEED_REASON)
def test_a_move_that_judges_has_its_reason(application, state):
    """R14, R18, R21."""
    refused_by(
        "event_move_has_its_reason",
        Event.objects.create,
        application=application,
        at=NOW,
        verb="moved",
        from_state=State.SUBMITTED,
        to_state=state,
    )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE progression_event SET verb = 'never happened'",
        "DELETE FROM progression_event",
        "SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE progression_event CASCADE",
        "SET LOCAL session_replication_role = replica; DELETE FROM progression_event",
    ],
)
def test_history_cannot_be_changed(application, statement):
    """Not by SQL, not by a superuser, not by switching triggers off for the session."""
    before = list(Event.objects.values())
    with (
        pytest.raises((IntegrityError, InternalError), match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert list(Event.objects.values()) == before


def test_one_open_deadline_of_a_kind(application):
    refused_by(
        "deadline_one_open_a_kind",
        Deadline.objects.create,
        application=application,
        kind="act",
        state=State.SUBMITTED,
        opened_on=TODAY,
    )


def test_a_reminder_is_once_to_a_person(place, application):
    about = {
        "application": application,
        "recipient": place.manager,
        "kind": "remind_to_act",
        "deadline": application.deadlines.get(closed_on=None),
        "step": 0,
        "queued_at": NOW,
        "try_at": NOW + timedelta(minutes=1),
    }
    Notice.objects.create(**about)
    refused_by("notice_reminder_once", Notice.objects.create, **about)
    Notice.objects.create(**about | {"step": 1})


def test_a_notice_is_of_an_event_or_of_a_deadline(place, application):
    about = {
        "application": application,
        "recipient": place.manager,
        "kind": "x",
        "queued_at": NOW,
        "try_at": NOW,
    }
    refused_by("notice_of_event_deadline_or_meeting", Notice.objects.create, **about)


def test_one_notice_a_person_for_an_event(place, application):
    first = application.notices.get()
    refused_by(
        "notice_event_once",
        Notice.objects.create,
        application=application,
        recipient=first.recipient,
        event=first.event,
        kind="x",
        queued_at=NOW,
        try_at=NOW,
    )


def test_what_was_sent_has_its_time(application):
    refused_by("notice_sent_has_its_time", application.notices.update, status="sent")
