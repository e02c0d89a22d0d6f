"""The case's pages in a real browser: axe-core finds nothing, all fits 320 px, a keyboard is enough."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from progression.models import Application
from progression.states import State
from tests.at_a_browser import follow, sit_down, sound
from tests.council import manager_of, organisation, social_worker
from tests.walk import WAYS, application_at, portfolio_filled, started, submitted

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place():
    return organisation()


def test_the_case_in_every_state(page, place):
    """As its worker and as whoever is next to act, a name too long for a line included."""
    now = timezone.now() - timedelta(days=30)
    for state in (State.DRAFT, *WAYS):
        worker = social_worker(place.team, "Wilhelmina-Theodora Featherstonehaugh-Cholmondeley")
        application = application_at(state, worker=worker, now=now)
        staff = {State.RECOMMENDED: place.service_manager, State.UNDER_APPEAL: place.director}
        for reader in (worker, staff.get(state, manager_of(application))):
            sit_down(page, reader)
            page.goto(reverse("progression:case", args=[application.reference]))
            sound(page)
        if state in (State.DRAFT, State.RETURNED, State.DECLINED, State.IMPLEMENTED):
            sit_down(page, worker)
            page.goto("/")
            sound(page)


def test_lists_and_start_pages(page, place):
    for state in (State.DRAFT, State.SUBMITTED, State.RECOMMENDED, State.WITHDRAWN):
        application_at(state, place)
    for reader, addresses in (
        (place.manager, ["/", "/team/"]),
        (place.head, ["/", "/workers/", "/workers/?state=none", "/applications/", "/figures/"]),
        (place.auditor, ["/", "/applications/?state=submitted", "/workers/"]),
        (place.psw, ["/", "/figures/"]),
        (place.administrator, ["/"]),
        (place.colleague, ["/", "/applications/start/"]),
    ):
        sit_down(page, reader)
        for address in addresses:
            page.goto(address)
            sound(page)


def test_submitting_by_keyboard_alone(page, place):
    """R8: start, see what is missing, be told of the tick, tick, submit, read what happens next."""
    sit_down(page, place.worker)
    page.goto("/applications/start/")
    page.get_by_role("button", name="Start your application").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/portfolio/")
    application = Application.objects.get(worker=place.worker)
    page.goto(reverse("progression:submit", args=[application.reference]))
    assert page.locator("main li a").count() == 20
    sound(page)
    portfolio_filled(application, pieces=2)
    page.reload()
    page.get_by_role("button", name="Submit your application").focus()
    page.keyboard.press("Enter")
    summary = page.locator(".govuk-error-summary")
    summary.wait_for()
    assert page.title().startswith("Error: ")
    sound(page)
    summary.get_by_role("link").focus()
    page.keyboard.press("Enter")
    tick = page.get_by_label(f"I have worked through each heading with {place.manager.name}")
    assert tick.evaluate("box => box === document.activeElement")
    page.keyboard.press("Space")
    page.get_by_role("button", name="Submit your application").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Application submitted").wait_for()
    assert place.manager.name in page.locator("main").inner_text()
    sound(page)


def test_withdrawing(page, place):
    application = started(place.worker)
    sit_down(page, place.worker)
    page.goto(reverse("progression:withdraw", args=[application.reference]))
    sound(page)
    follow(page.get_by_role("button", name="Withdraw your application"))
    page.get_by_text("You have withdrawn your application").wait_for()
    sound(page)


def test_reading_what_was_submitted(page, place):
    application = started(place.worker)
    portfolio_filled(application, pieces=3)
    submitted(application)
    sit_down(page, place.manager)
    page.goto(reverse("progression:submitted_portfolio", args=[application.reference]))
    sound(page)


def test_without_javascript(new_page, place):
    """Nothing on the way from start to withdrawn needs a script."""
    page = new_page(java_script_enabled=False)
    sit_down(page, place.worker)
    page.goto("/")
    follow(page.get_by_role("button", name="Start an application"))
    follow(page.get_by_role("button", name="Start your application"))
    application = Application.objects.get(worker=place.worker)
    portfolio_filled(application)
    page.goto(reverse("progression:submit", args=[application.reference]))
    page.get_by_label("I have worked through").check()
    follow(page.get_by_role("button", name="Submit your application"))
    follow(page.get_by_role("link", name="See your application"))
    follow(page.get_by_role("link", name="Withdraw"))
    follow(page.get_by_role("button", name="Withdraw your application"))
    assert "You withdrew" in page.locator("main").inner_text()
