"""The new contract, letters and a form sent back in a real browser: axe-core, 320 px, and no JavaScript."""

from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from payroll import tasks
from payroll.models import IssuedDocument
from progression.states import State
from tests.at_a_browser import follow, press, sit_down, sound
from tests.council import organisation
from tests.walk import application_at

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.rule("R23", page="/applications/<reference>/contract/")
def test_R23_the_worker_reads_the_letter_and_accepts(page):
    application = application_at(State.SENT_TO_PAYROLL, now=timezone.now())
    case = reverse("progression:case", args=[application.reference])
    sit_down(page, application.worker)
    page.goto("/")
    sound(page)
    press(page, "Read and accept your new contract")
    sound(page)
    follow(page.get_by_role("link", name="Get this letter as a PDF"))
    sound(page)
    assert "The PDF is being made" in page.locator("main").inner_text()
    tasks.issue_documents()
    page.reload()
    sound(page)
    with page.expect_download() as taken:
        page.get_by_role("button", name="Download this letter").click()
    issued = IssuedDocument.objects.get(filename=taken.value.suggested_filename)
    assert Path(taken.value.path()).read_bytes() == bytes(issued.content)
    page.reload()
    assert f"Downloads\n{application.worker.name}" in page.locator("main").inner_text()
    page.goto(case)
    follow(page.get_by_role("link", name="Contract variation"))
    page.goto(case)
    press(page, "Read and accept your new contract")
    press(page, "Accept")
    sound(page)
    press(page, "I accept the new contract")
    assert "You have accepted your new contract" in page.locator("main").inner_text()


def test_declining_without_javascript(new_page):
    page = new_page(java_script_enabled=False)
    application = application_at(State.SENT_TO_PAYROLL, now=timezone.now())
    sit_down(page, application.worker)
    page.goto(reverse("payroll:contract", args=[application.reference]))
    press(page, "Decline")
    press(page, "Decline the new contract")
    assert "There is a problem" in page.locator("main").inner_text()
    page.get_by_label("Why do you decline?").fill("I am moving to another council.")
    press(page, "Decline the new contract")
    assert "You have declined the new contract" in page.locator("main").inner_text()


def test_a_form_sent_back_and_answered(page):
    place = organisation()
    application = application_at(State.SENT_TO_PAYROLL, place, now=timezone.now())
    form = reverse("payroll:form", args=[application.reference])
    sit_down(page, place.payroll)
    page.goto(form)
    follow(page.get_by_role("link", name="Something is wrong: send the form back"))
    sound(page)
    press(page, "Send it back")
    sound(page)
    page.get_by_label("What is wrong with it?").fill("The post number is another post’s.")
    press(page, "Send it back")
    sound(page)
    sit_down(page, place.manager)
    page.goto(reverse("progression:case", args=[application.reference]))
    press(page, "Answer payroll")
    sound(page)
    page.get_by_label("Post number").fill("P-77")
    press(page, "Make the corrected form")
    sound(page)
    page.get_by_label("What did you put right?").fill("The number is P-77.")
    press(page, "Make the corrected form")
    tasks.issue_documents()
    sit_down(page, place.payroll)
    page.goto(form)
    sound(page)
    assert "Replaces version 1" in page.locator("main").inner_text()
