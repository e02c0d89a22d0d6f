"""Not recommended, and looked at again: the statement, the request on the last day, the hearing. R14-R21."""

from datetime import datetime, time, timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from competencies import selectors as competencies
from payroll.models import IssuedDocument
from progression.deadlines import add_working_days
from progression.selectors import bank_holidays
from progression.states import State
from reviews.models import Bundle
from tests import council, walk
from tests.journeys.clock import weekday_before
from tests.journeys.steps import (
    accepts_the_contract,
    assesses,
    declares_everything,
    downloads,
    shown,
    starts_an_application,
    submits,
    types_date,
    wait_until,
    words_of,
    writes_evidence_for_every_heading,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place(transactional_db):
    return council.organisation()


@pytest.mark.rule("R14", scheme="medway-2010", page="/applications/<reference>/authorisation/")
@pytest.mark.rule("R18", scheme="medway-2010", page="/applications/<reference>/outcome/")
@pytest.mark.rule("R19", scheme="medway-2010", page="/applications/<reference>/review/ask/")
@pytest.mark.rule("R20", scheme="medway-2010", page="/applications/<reference>/review/hearing/")
@pytest.mark.rule("R21", scheme="medway-2010", page="/applications/<reference>/review/decide/")
@pytest.mark.rule("R17", scheme="medway-2010", page="/payroll/forms/<reference>/")
def test_refused_then_upheld(place, at_a_browser, new_page, clock, celery_worker_process):
    # Given a social worker at Level 1 who has submitted a portfolio for Level 2
    today = clock.today
    worker_of_level_1 = council.social_worker(place.team, "Amara Okafor", level=1, spinal_point=34)
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

    # Then the worker is told why, what is required, and until when they may ask for a review
    last_day = add_working_days(refused_on, 10, bank_holidays())
    clock.goes_to(last_day)
    worker = at_a_browser(worker_of_level_1)
    worker.page.goto(f"/applications/{application.reference}/outcome/")
    worker.sees(".").reads(f"{shown(last_day)}", "Recording is not yet made on time.")
    letter = wait_for_letter(worker, application, "statement_of_reasons")
    assert "Chair two core groups and write them up." in letter

    # When they ask for one on the tenth working day, which is the last
    worker.page.goto(f"/applications/{application.reference}/review/ask/")
    worker.sees("Ask for a review").reads(shown(last_day))
    worker.types(grounds="The court report of October shows it, and was not read.")
    worker.presses("Continue").sees("Check before you send").presses("Ask for a review").sees(".")
    application.refresh_from_db()
    assert application.state == State.UNDER_APPEAL

    # And name somebody to speak for them, and say in writing what they will say
    names_a_representative(worker, application)
    states(worker, application, "I presented to the court on my own, with my manager in the room.")
    manager = at_a_browser(place.manager)
    states(manager, application, "I had not been shown the report when I signed.")

    # And the assistant director arranges a hearing, no later than the decision is due
    holidays = bank_holidays()
    decide_by = add_working_days(last_day, 10, holidays)
    director = at_a_browser(place.director)
    too_late = add_working_days(last_day, 11, holidays)
    heard_on = add_working_days(last_day, 6, holidays)
    arranges_a_hearing(director, application, too_late)
    director.sees("Arrange the hearing").reads(shown(decide_by))
    arranges_a_hearing(director, application, heard_on)
    director.sees("Check before you send").presses("Arrange the hearing").sees("The review")

    # Then the representative reads the papers by a link that works once, without an account
    link = makes_a_link(worker, application, director.page)
    papers = reads_the_papers(new_page, link)
    for text in ("Recording is not yet made on time.", "I presented to the court", "I had not been shown"):
        assert text in papers
    assert worker.page.request.get(link).status == 404

    # When the hearing is over and the director upholds the review, in time
    clock.goes_to(heard_on, at=time(15, 0))
    director = at_a_browser(place.director)
    director.page.goto(f"/applications/{application.reference}/review/decide/")
    director.sees("Decide the review").ticks("Uphold it: progression goes ahead")
    director.types(reasons="The report of October shows what was found missing.")
    director.presses("Continue").sees("Check before you sign").reads(shown(assessed_on))
    director.presses("Uphold the review").sees(".")
    assert clock.today <= decide_by
    clock.comes_back()

    # Then payroll has a PAY002 from the day that the line manager signed, and pays once the worker accepts
    payroll = at_a_browser(place.payroll)
    wait_until(application, State.SENT_TO_PAYROLL, payroll.page)
    worker = at_a_browser(worker_of_level_1)
    accepts_the_contract(worker, application)
    payroll.page.goto(f"/payroll/forms/{application.reference}/")
    payroll.sees("PAY002")
    said, attached = downloads(payroll, "Download PAY002")
    assert shown(assessed_on) in said and place.director.name in said
    assert attached == [f"evidence-form-{application.reference}.pdf"]
    payroll.page.reload()
    payroll.presses("Pay has been changed").sees("pay been changed").presses("Yes, the pay has been changed")
    payroll.sees("PAY002").reads("In pay")
    worker_of_level_1.post.refresh_from_db()
    assert (worker_of_level_1.post.level, worker_of_level_1.post.spinal_point) == (2, 36)

    # And the refusal is still there as it was
    refusal = application.authorisations.get()
    assert (refusal.authorised, refusal.decided_by) == (False, place.service_manager)


@pytest.mark.rule("R21", scheme="medway-2010", page="/applications/<reference>/review/decide/")
def test_refused_then_dismissed(place, at_a_browser, clock, celery_worker_process):
    # Given a refused social worker whose review is to be heard today
    today = clock.today
    heard_on = weekday_before(today, 20)
    asked_on = weekday_before(heard_on, 3)
    worker_of_level_1 = council.social_worker(place.team, "Amara Okafor", level=1, spinal_point=34)
    moment = timezone.make_aware(datetime.combine(asked_on, time(9, 0)))
    application = walk.application_at(State.REFUSED, worker=worker_of_level_1, now=moment)
    application = walk.under_review(application, now=moment)
    clock.goes_to(asked_on)
    director = at_a_browser(place.director)
    arranges_a_hearing(director, application, heard_on)
    director.sees("Check before you send").presses("Arrange the hearing").sees("The review")

    # When the director dismisses it, with full reasons and what to do next
    clock.goes_to(heard_on, at=time(15, 0))
    director = at_a_browser(place.director)
    director.page.goto(f"/applications/{application.reference}/review/decide/")
    director.sees("Decide the review").ticks("Dismiss it")
    director.types(
        reasons="The report was read, and does not show it.", required="Present one report to panel alone."
    )
    director.presses("Continue").sees("Check before you sign").presses("Dismiss the review").sees(".")

    # Then the worker reads both, and what to do next is the first thing of a next application
    worker = at_a_browser(worker_of_level_1)
    worker.page.goto(f"/applications/{application.reference}/outcome/")
    worker.sees(".").reads("does not show it.", "Present one report to panel alone.")
    decision = wait_for_letter(worker, application, "appeal_decision")
    assert "Present one report to panel alone." in decision
    worker.page.goto("/development/")
    worker.sees(".").reads("Present one report to panel alone.")
    application.refresh_from_db()
    assert application.state == State.DISMISSED
    assert not application.pay_forms.filter(progressed=True).exists()


def wait_for_letter(person, application, kind):
    """The words of a letter, once Celery has made it."""
    for _ in range(200):
        document = IssuedDocument.objects.filter(letter__application=application, letter__kind=kind).first()
        if document:
            break
        person.page.wait_for_timeout(100)
    else:
        raise AssertionError(f"After 20 seconds there is no letter: {kind}.")
    person.page.goto(f"/applications/{application.reference}/letters/{kind.replace('_', '-')}/1/")
    said, _ = downloads(person, "Download this letter")
    return said


def names_a_representative(worker, application):
    worker.page.goto(f"/applications/{application.reference}/review/representative/")
    worker.sees("Who speaks for you").types(name="Ruth Osei", email="r@union.example")
    worker.presses("Save").sees("Your review").reads("Ruth Osei")


def states(person, application, text):
    person.page.goto(f"/applications/{application.reference}/review/statement/")
    person.sees("Statement").types(text=text).presses("Save").sees("review")


def arranges_a_hearing(director, application, day):
    director.page.goto(f"/applications/{application.reference}/review/hearing/")
    director.sees("Arrange the hearing").types(at="10am", place="Room 4, the civic centre")
    types_date(director, "day", day)
    director.presses("Continue")


def makes_a_link(worker, application, page):
    """The link to the papers, once Celery has put them together."""
    for _ in range(300):
        if Bundle.objects.filter(appeal__application=application).exclude(made_at=None).exists():
            break
        page.wait_for_timeout(100)
    worker.page.goto(f"/applications/{application.reference}/review/representative/link/")
    worker.sees("Make a link for").presses("Make the link").sees("The link for")
    return urlsplit(worker.page.locator("strong.app-breakable").inner_text()).path


def reads_the_papers(new_page, link):
    page = new_page()
    for _ in range(300):
        page.goto(link)
        if page.get_by_role("button", name="Open the papers").count():
            break
        page.wait_for_timeout(100)
    with page.expect_download() as download:
        page.get_by_role("button", name="Open the papers").click()
    return words_of(download.value.path().read_bytes())
