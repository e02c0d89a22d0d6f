"""Not recommended, and looked at again: the statement, the request on the last day, the hearing. R14-R21."""

from datetime import timedelta

import pytest

from competencies import selectors as competencies
from progression.deadlines import add_working_days
from progression.selectors import bank_holidays
from progression.states import State
from tests import walk
from tests.journeys.clock import Clock, weekday_before
from tests.journeys.people import Person
from tests.journeys.steps import (
    assesses,
    declares_everything,
    shown,
    starts_an_application,
    submits,
    writes_evidence_for_every_heading,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place(transactional_db):
    return walk.organisation()


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


@pytest.fixture
def at_a_browser(new_page):
    """A function that sits somebody down at a browser of their own."""
    return lambda user: Person(user, new_page(viewport={"width": 1100, "height": 900}), "refused").signs_in()


def test_refused_then_upheld(place, at_a_browser, clock):
    # Given a social worker at Level 1 who has submitted a portfolio for Level 2
    today = clock.today
    worker_of_level_1 = walk.social_worker(place.team, "Amara Okafor", level=1, spinal_point=34)
    clock.goes_to(weekday_before(today, 70))
    worker = at_a_browser(worker_of_level_1)
    application = starts_an_application(worker)
    writes_evidence_for_every_heading(worker, application, clock.today)
    submits(worker, application)

    # When their manager finds one criterion not met, and does not recommend
    assessed_on = weekday_before(today, 60)
    clock.goes_to(assessed_on)
    manager = at_a_browser(place.manager)
    unmet = competencies.headings_judged(application.step)[0].criteria[0]
    assesses(manager, application, not_met=[unmet], action_by=assessed_on + timedelta(days=90))
    declares_everything(manager, application)
    manager.ticks("No").types(reasons="Recording is not yet made on time.")
    manager.presses("Save and continue").sees("Check and sign")
    manager.page.locator("[name=confirmed]").check()
    manager.presses("Sign the assessment").sees("signed")

    # And a service manager confirms, with what is required
    refused_on = weekday_before(today, 50)
    clock.goes_to(refused_on)
    senior = at_a_browser(place.service_manager)
    senior.page.goto(f"/applications/{application.reference}/authorisation/")
    senior.sees("Confirm the outcome").presses("Continue").sees("Check before you sign")
    senior.presses("Confirm the outcome").sees("has not progressed|Outcome|outcome")

    # Then the worker has ten working days to ask for a review
    last_day = add_working_days(refused_on, 10, bank_holidays())
    clock.goes_to(last_day)
    worker = at_a_browser(worker_of_level_1)
    worker.page.goto(f"/applications/{application.reference}/outcome/")
    worker.sees("").reads(shown(last_day))
    application.refresh_from_db()
    assert application.state == State.REFUSED
