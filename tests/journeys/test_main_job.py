"""The main job: a worker from first evidence to the PAY002 in payroll's hands. R1-R9, R13-R17, R22."""

import re
from datetime import date

import pytest
from django.utils import timezone
from django.utils.formats import date_format
from pypdf import PdfReader

from competencies import selectors as competencies
from progression.models import Application
from progression.states import State
from tests import council
from tests.at_a_browser import follow
from tests.journeys.people import Person

pytestmark = pytest.mark.django_db(transaction=True)

DID = "I read the whole file and made one chronology, with what was seen kept apart from what was thought."
OUTCOME = "The meeting used it as its agenda."
LEARNED = "To record within a day."


@pytest.fixture
def place(transactional_db):
    place = council.organisation()
    for user, name in (
        (place.worker, "Amara Okafor"),
        (place.manager, "Grace Ellerby"),
        (place.service_manager, "Imelda Castellan"),
        (place.payroll, "Lewis Amadi"),
    ):
        user.name = name
        user.save()
    return place


@pytest.fixture
def at_a_browser(new_page):
    """A function that sits somebody down at a browser of their own."""
    return lambda user: Person(user, new_page(viewport={"width": 1100, "height": 900}), "main-job")


def test_from_first_evidence_to_pay002(place, at_a_browser, celery_worker_process):
    # Given a social worker at Level 2 on point 37, with nothing begun
    worker = at_a_browser(place.worker)
    today = timezone.localdate()

    # When they start an application and write a first example by keyboard alone
    worker.signs_in().sees("Your progression").presses("Start an application").sees("Start an application")
    worker.presses("Start your application")
    application = Application.objects.get(worker=place.worker)
    assert (application.reference, application.state) == (f"APP-{today.year}-0001", State.DRAFT)
    worker.page.goto("/portfolio/")
    worker.sees("Your portfolio").reads("0 of 20 headings").opens("Recording").sees("Recording")
    worker.presses("Add an example").sees("Add evidence")
    writes_evidence_by_keyboard(worker, today)
    worker.page.goto("/portfolio/recording/")
    worker.sees("Recording").reads("1 of about 3", "A chronology for a strategy meeting")

    # And a second that counts for every other heading
    writes_evidence_for_the_rest(worker, application, today)
    worker.page.goto("/portfolio/")
    worker.sees("Your portfolio").reads("Every one of the 20 headings").presses("Check and submit")
    worker.sees("Check and submit").ticks(f"I have worked through each heading with {place.manager.name}")
    worker.presses("Submit your application").sees("submitted")

    # Then it waits for their manager, who judges all 110 criteria by heading and signs
    manager = at_a_browser(place.manager)
    manager.signs_in().sees("Start").opens(place.worker.name).sees(place.worker.name)
    manager.presses("Assess this application").sees("Assess the portfolio").presses("Start assessment")
    assesses_every_heading(manager, application)
    manager.opens("Declarations").sees("Declarations")
    for legend in manager.page.locator("fieldset").all():
        legend.get_by_label("Yes").check()
    manager.presses("Save and continue").sees("Recommendation")
    manager.ticks("Yes").presses("Save and continue").sees("Check and sign")
    manager.reads(f"Your signature’s date, {shown(today)}, is the date that the new pay runs from.")
    manager.page.locator("[name=confirmed]").check()
    manager.presses("Sign the assessment").sees("signed|recommended|Recommended")

    # And the service manager sees first what it does to pay, then authorises
    senior = at_a_browser(place.service_manager)
    senior.signs_in().sees("Start").opens(place.worker.name).sees(place.worker.name)
    senior.presses("Decide on this application").sees("Authorise or decline progression")
    senior.reads("37", "41", "£30,851", "£34,549", shown(today))
    senior.ticks("Authorise progression").presses("Continue").sees("Check before you sign")
    senior.presses("Authorise progression").sees("has progressed").reads("Progression authorised")

    # And the worker reads the letter about their contract, and accepts the change
    wait_until(application, State.SENT_TO_PAYROLL, worker.page)
    worker.page.goto("/")
    worker.sees("Your progression").presses("Read and accept your new contract").sees("Your new contract")
    worker.reads("A change to your contract", "£34,549", "Total before tax").presses("Accept")
    worker.sees("Accept the new contract").presses("I accept the new contract")
    worker.sees("Your application").reads("You have accepted your new contract")

    # And payroll downloads one correct PAY002, with the evidence form attached
    payroll = at_a_browser(place.payroll)
    payroll.signs_in().sees("Forms to download")
    follow(payroll.page.get_by_role("link", name=place.worker.name))
    payroll.sees(f"PAY002 for {place.worker.name}")
    said, attached = downloads_the_form(payroll)
    post = place.worker.post
    for text in (place.worker.name, post.ern, post.post_number, post.job_title, place.manager.name):
        assert text in said
    assert f"{place.service_manager.name}" in said and shown(today) in said
    assert re.search(r"\b37\b", said) and re.search(r"\b41\b", said)
    assert attached == [f"evidence-form-{application.reference}.pdf"]

    # And when payroll says that pay has changed, the worker is at Level 3 on point 41
    payroll.page.reload()
    payroll.sees("PAY002").reads("Downloads", f"{place.payroll.name}")
    payroll.presses("Pay has been changed").sees("pay been changed").presses("Yes, the pay has been changed")
    payroll.sees("PAY002").reads("In pay")
    post.refresh_from_db()
    assert (post.level, post.spinal_point) == (3, 41)
    worker.page.goto("/")
    worker.sees("Your progression").reads("You have progressed")


def shown(day: date):
    return date_format(day, "j F Y")


def writes_evidence_by_keyboard(worker, today):
    worker.tabs_to("[name=title]").writes("A chronology for a strategy meeting")
    for part, value in enumerate((today.day, today.month, today.year)):
        worker.tabs_to(f"[name=practised_on_{part}]").writes(str(value))
    for name, text in (("what_i_did", DID), ("outcome", OUTCOME), ("what_i_learned", LEARNED)):
        worker.tabs_to(f"[name={name}]").writes(text)
    worker.tabs_to("button[name=continue]").keys("Enter")
    worker.sees("A chronology for a strategy meeting").reads("Evidence saved", DID)


def writes_evidence_for_the_rest(worker, application, today):
    worker.page.goto("/evidence/new/")
    worker.sees("Add evidence").types(
        title="A year of one family's plan, from referral to closing",
        practised_on_0=str(today.day),
        practised_on_1=str(today.month),
        practised_on_2=str(today.year - 1),
        what_i_did=DID,
        outcome=OUTCOME,
        what_i_learned=LEARNED,
    )
    for heading in competencies.headings_evidenced(application.step):
        if heading.competency.code != "recording":
            worker.ticks(heading.competency.name)
    worker.presses("Save and continue").sees("A year of one family's plan").reads("Evidence saved")


def assesses_every_heading(manager, application):
    headings = competencies.headings_judged(application.step)
    for number, heading in enumerate(headings):
        manager.sees(f"^{re.escape(heading.competency.name)}")
        for criterion in heading.criteria:
            if number == 0:  # one heading by keyboard alone
                manager.tabs_to(f"[name=met_{criterion.pk}]").keys("Space")
            else:
                manager.page.locator(f"[name=met_{criterion.pk}][value=yes]").check()
        manager.types(note="Seen in the examples and in supervision through the year.")
        manager.presses("Save and go to next heading")
    manager.page.wait_for_load_state()
    manager.page.goto(f"/applications/{application.reference}/assessment/")
    manager.sees("Assess the portfolio").reads("110 of 110")


def wait_until(application, state, page):
    """Let the real Celery worker do its part."""
    for _ in range(200):
        application.refresh_from_db()
        if application.state == state:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"After 20 seconds the application is still {application.state}.")


def downloads_the_form(payroll):
    """Press the button; returns (what the PDF says, the names of what is attached)."""
    with payroll.page.expect_download() as download:
        payroll.page.get_by_role("button", name="Download PAY002", exact=True).click()
    kept = payroll.shots / download.value.suggested_filename
    download.value.save_as(kept)
    pdf = PdfReader(kept)
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split()), list(pdf.attachments)
