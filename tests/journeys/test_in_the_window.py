"""Where progression is judged once a year: shut in January, open in February, and three gates. R34, R35."""

from datetime import date

import pytest

from people.models import PerformanceRating
from progression.states import State
from tests import council
from tests.journeys.steps import (
    accepts_the_contract,
    assesses,
    starts_an_application,
    submits,
    wait_until,
    writes_evidence_for_every_heading,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place(transactional_db):
    return council.organisation("medway-2018")


@pytest.mark.rule("R34", scheme="medway-2018", page="/applications/<reference>/submit/")
@pytest.mark.rule("R35", scheme="medway-2018", page="/team/<worker>/details/")
def test_shut_in_january_open_in_february(place, at_a_browser, clock, celery_worker_process):
    # Given a social worker on probation, not yet achieving, and in a formal process
    year = clock.today.year if clock.today.month > 3 else clock.today.year - 1
    someone = council.social_worker(
        place.team,
        "Tamsin Orchard",
        service_start=date(year - 1, 7, 1),
        probation_ends_on=date(year, 1, 31),
        probation_completed=False,
        performance_rating=PerformanceRating.DEVELOPING,
        under_formal_process=True,
    )

    # When they have a portfolio in January
    clock.goes_to(date(year, 1, 14))
    worker = at_a_browser(someone)
    application = starts_an_application(worker)
    writes_evidence_for_every_heading(worker, application, clock.today)

    # Then the window is shut, and three gates with it
    window, rating = "1 February to 31 March", "last performance rating must be achieving or above"
    formal, probation = "formal capability or disciplinary process", "Probation must be completed"
    stands_before(worker, application, window, rating, formal, probation)
    worker.page.goto("/ready/")
    worker.sees("When you can apply").reads(f"1 February {year}")

    # And in February each gate stops them until the manager records that it is open
    clock.goes_to(date(year, 2, 3))
    manager, worker = at_a_browser(place.manager), at_a_browser(someone)
    stands_before(worker, application, rating, formal, probation, no_longer=window)
    records(manager, someone, performance_rating="achieving")
    stands_before(worker, application, formal, probation, no_longer=rating)
    records(manager, someone, under_formal_process="no")
    stands_before(worker, application, probation, no_longer=formal)
    records(manager, someone, probation_completed="yes")
    submits(worker, application)

    # And when the manager recommends and a service manager authorises, they progress
    assesses(manager, application)
    manager.page.goto(f"/applications/{application.reference}/recommendation/")
    manager.sees("Recommendation").ticks("Yes").presses("Save and continue").sees("Check and sign")
    manager.page.locator("[name=confirmed]").check()
    manager.presses("Sign the assessment").sees(".")
    clock.goes_to(date(year, 3, 2))
    senior = at_a_browser(place.service_manager)
    senior.page.goto(f"/applications/{application.reference}/authorisation/")
    senior.sees("Authorise or decline progression").ticks("Authorise progression").presses("Continue")
    senior.sees("Check before you sign").presses("Authorise progression").sees("has progressed")
    clock.comes_back()
    wait_until(application, State.SENT_TO_PAYROLL, senior.page)
    accepts_the_contract(at_a_browser(someone), application)
    assert application.effective_date == date(year, 2, 3)


def stands_before(worker, application, *sentences, no_longer=None):
    """What the page before submitting says is in the way."""
    worker.page.goto(f"/applications/{application.reference}/submit/")
    worker.sees("Before you can submit").reads(*sentences)
    if no_longer:
        assert no_longer not in worker.page.locator("main").inner_text()


def records(manager, worker, **details):
    manager.page.goto(f"/team/{worker.pk}/details/")
    manager.sees("Details for applying")
    for name, value in details.items():
        manager.page.locator(f"[name={name}][value={value}]").check()
    manager.presses("Save").sees(".")
