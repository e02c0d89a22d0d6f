"""Deciding, outcome and review in a real browser: axe-core, 320 px, the keyboard, and no JavaScript."""

from datetime import time

import pytest
from django.urls import reverse
from django.utils import timezone

from progression.deadlines import add_working_days
from progression.models import Application
from progression.selectors import bank_holidays
from tests.at_a_browser import follow, press, sit_down, sound
from tests.council import organisation
from tests.journeys.clock import Clock
from tests.walk import State, application_at

pytestmark = pytest.mark.django_db(transaction=True)


def open_page(page, name, application):
    page.goto(reverse(f"reviews:{name}", args=[application.reference]))


def test_declined_asked_again_and_upheld(page, monkeypatch):
    place = organisation()
    application = application_at(State.RECOMMENDED, place, now=timezone.now())
    sit_down(page, place.service_manager)
    open_page(page, "authorisation", application)
    sound(page)

    # The error summary leads to the first choice; the words asked appear with the choice that needs them.
    press(page, "Continue")
    sound(page)
    page.get_by_role("link", name="Choose whether to authorise or decline").press("Enter")
    assert page.evaluate("document.activeElement.value") == "authorise"
    page.keyboard.press("ArrowDown")
    press(page, "Continue")
    sound(page)
    page.get_by_role("link", name="Give your full reasons").press("Enter")
    page.keyboard.type("Two of the records were late.")
    page.keyboard.press("Tab")
    page.keyboard.type("Six months on time.")
    press(page, "Continue")
    sound(page)
    press(page, "Go back and change")
    assert page.get_by_label("Full reasons").input_value() == "Two of the records were late."
    press(page, "Continue")
    press(page, "Decline progression")
    sound(page)

    sit_down(page, application.worker)
    open_page(page, "outcome", application)
    sound(page)
    press(page, "Ask for a review")
    sound(page)
    page.get_by_label("Why do you think the outcome is wrong?").fill("The report was not read.")
    press(page, "Continue")
    sound(page)
    press(page, "Ask for a review")
    sound(page)

    sit_down(page, place.director)
    open_page(page, "review", application)
    sound(page)
    follow(page.get_by_role("button", name="Arrange the hearing"))
    press(page, "Continue")
    sound(page)
    page.get_by_role("link", name="Enter a time, such as 10am or 2:30pm").press("Enter")
    page.keyboard.type("10am")
    day = add_working_days(timezone.localdate(), 1, bank_holidays())
    for part, typed in enumerate((day.day, day.month, day.year)):
        page.locator(f"[name=day_{part}]").fill(str(typed))
    page.get_by_label("Where").fill("Room 3")
    press(page, "Continue")
    sound(page)
    press(page, "Arrange the hearing")
    sound(page)

    Clock(monkeypatch).goes_to(day, time(12))
    sit_down(page, place.director)
    open_page(page, "review", application)
    follow(page.get_by_role("button", name="Decide the review"))
    sound(page)
    press(page, "Continue")
    sound(page)
    page.get_by_label("Uphold it: progression goes ahead").check()
    page.get_by_label("Full reasons").fill("It was there.")
    press(page, "Continue")
    sound(page)
    press(page, "Uphold the review")
    sound(page)
    application.refresh_from_db()
    assert application.state == State.UPHELD


def test_without_javascript(new_page):
    page = new_page(java_script_enabled=False)
    place = organisation()
    application = application_at(State.RECOMMENDED, place, now=timezone.now())
    sit_down(page, place.head)
    open_page(page, "authorisation", application)
    page.get_by_label("Authorise progression").check()
    press(page, "Continue")
    press(page, "Authorise progression")
    assert f"{application.worker.name} has progressed" in page.content()
    assert Application.objects.get(pk=application.pk).state == State.AUTHORISED


def test_confirming_without_javascript(new_page):
    page = new_page(java_script_enabled=False)
    place = organisation()
    application = application_at(State.NOT_RECOMMENDED, place, now=timezone.now())
    sit_down(page, place.service_manager)
    open_page(page, "authorisation", application)
    press(page, "Continue")
    press(page, "Confirm the outcome")
    assert Application.objects.get(pk=application.pk).state == State.REFUSED
