"""Where progression is judged at a review in the diary: notice, review, form, contract. R25-R32."""

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from progression.states import State
from tests import council, walk
from tests.journeys.clock import weekday_before
from tests.journeys.steps import (
    accepts_the_contract,
    assesses,
    downloads,
    shown,
    starts_an_application,
    submits,
    types_date,
    wait_until,
    writes_evidence_for_every_heading,
)

pytestmark = pytest.mark.django_db(transaction=True)

SUMMARY = "Eight pieces of evidence, read together: each criterion is met, court work most clearly."


@pytest.fixture
def place(transactional_db):
    return council.organisation("redbridge-2013")


@pytest.mark.rule("R26", scheme="redbridge-2013", page="/meetings/notice/")
@pytest.mark.rule("R28", scheme="redbridge-2013", page="/applications/<reference>/recommendation/")
@pytest.mark.rule("R29", scheme="redbridge-2013", page="/applications/<reference>/authorisation/")
@pytest.mark.rule("R30", scheme="redbridge-2013", page="/applications/<reference>/contract/")
@pytest.mark.rule("R31", scheme="redbridge-2013", page="/payroll/forms/<reference>/")
def test_supported_at_the_review(place, at_a_browser, clock, celery_worker_process):
    # Given a review in the diary, and a worker who has written a portfolio for it
    review_on = weekday_before(clock.today, 20)
    clock.goes_to(review_on - timedelta(days=30))
    diarises(at_a_browser(place.manager), place.worker, review_on)
    worker = at_a_browser(place.worker)
    application = starts_an_application(worker)
    writes_evidence_for_every_heading(worker, application, clock.today)
    worker.page.goto(f"/applications/{application.reference}/submit/")
    worker.sees("Before you can submit").reads("Notice of")

    # When they give notice a week before, to the day, and submit
    clock.goes_to(review_on - timedelta(days=7))
    worker = at_a_browser(place.worker)
    worker.page.goto("/meetings/")
    worker.sees("Your review meetings").presses("Give notice").sees("Give notice of your review")
    worker.reads(shown(review_on)).presses("Give notice").sees("Your review meetings")
    submits(worker, application)

    # And the manager holds the review, writes what was said and a summary, and supports progression
    clock.goes_to(review_on, at=time(15, 0))
    manager = at_a_browser(place.manager)
    manager.page.goto(f"/team/{place.worker.pk}/meetings/held/")
    manager.sees(".").presses("Record it as held").sees("^Review meetings")
    assesses(manager, application)
    manager.page.goto(f"/applications/{application.reference}/recommendation/")
    manager.sees("Recommendation").ticks("Yes").presses("Save and continue")
    manager.sees("Before you can sign").reads("summary of the evidence")
    manager.page.goto(f"/applications/{application.reference}/recommendation/")
    manager.sees("Recommendation").types(
        objectives="Both objectives of the last review were met.",
        feedback="Careful work; keep records short.",
        precis=SUMMARY,
    )
    manager.presses("Save and continue").sees("Check and sign").reads(shown(review_on), SUMMARY)
    manager.page.locator("[name=confirmed]").check()
    manager.presses("Sign the assessment").sees(".")

    # And the head of service agrees, some days later
    clock.goes_to(weekday_before(review_on + timedelta(days=6), 0))
    head = at_a_browser(place.head)
    head.page.goto(f"/applications/{application.reference}/authorisation/")
    head.sees("Authorise or decline progression").reads(SUMMARY, shown(review_on))
    head.ticks("Authorise progression").presses("Continue").sees("Check before you sign")
    head.presses("Authorise progression").sees("has progressed")
    clock.comes_back()

    # Then HR has an Appointment Form from the day of the review, and waits for the worker
    payroll = at_a_browser(place.payroll)
    wait_until(application, State.SENT_TO_PAYROLL, payroll.page)
    payroll.page.goto(f"/payroll/forms/{application.reference}/")
    payroll.sees("Appointment Form")
    said, _ = downloads(payroll, "Download Appointment Form")
    for text in (place.worker.name, place.worker.post.ern, place.head.name, shown(review_on)):
        assert text in said

    # And when the worker accepts the new contract, payroll confirms
    accepts_the_contract(at_a_browser(place.worker), application)
    payroll.page.goto(f"/payroll/forms/{application.reference}/")
    payroll.sees("Appointment Form").presses("Pay has been changed").sees("pay been changed")
    payroll.presses("Yes, the pay has been changed").sees("Appointment Form").reads("In pay")
    application.refresh_from_db()
    assert (application.state, application.effective_date) == (State.IMPLEMENTED, review_on)
    place.worker.post.refresh_from_db()
    assert place.worker.post.level == 3


@pytest.mark.rule("R32", scheme="redbridge-2013", page="/applications/<reference>/review/decide/")
def test_not_supported_then_appealed(place, at_a_browser, clock):
    # Given a worker whose manager did not support progression, long ago
    refused_on = weekday_before(clock.today, 120)
    moment = timezone.make_aware(datetime.combine(refused_on, time(9, 0)))
    application = walk.application_at(State.REFUSED, worker=place.worker, now=moment)

    # When they appeal: there is no time limit
    worker = at_a_browser(place.worker)
    worker.page.goto(f"/applications/{application.reference}/review/ask/")
    worker.sees("Ask for an appeal").reads("There is no time limit.")
    worker.types(grounds="The court report shows it, and was not read.").presses("Continue")
    worker.sees("Check before you send").presses("Ask for an appeal").sees(".")

    # Then the head of service answers both tests, and cannot uphold it on one alone
    head = at_a_browser(place.head)
    head.page.goto(f"/applications/{application.reference}/review/decide/")
    head.sees("Decide the appeal").reads("Suitable and sufficient", "business requirements")
    head.page.locator("[name=test_1][value=met]").check()
    head.page.locator("[name=test_2][value=not_met]").check()
    head.ticks("Uphold it: progression goes ahead")
    head.types(reasons="The evidence is suitable and sufficient.")
    head.presses("Continue").sees("Decide the appeal").reads("only if every test is met")
    head.page.locator("[name=test_2][value=met]").check()
    head.presses("Continue").sees("Check before you sign").presses("Uphold the appeal").sees(".")
    application.refresh_from_db()
    assert (application.state, application.appeal.tests_met) == (State.UPHELD, [True, True])


def diarises(manager, worker, day):
    manager.page.goto(f"/team/{worker.pk}/meetings/diarise/")
    manager.sees(".").types(at="10am", place="Room 2, the town hall")
    types_date(manager, "day", day)
    manager.presses("Put it in the diary").sees("^Review meetings").reads(shown(day))
