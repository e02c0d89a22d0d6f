"""Going away, declaring a conflict and handing a case over, in a real browser."""

import pytest
from django.urls import reverse
from django.utils import timezone

from people.models import Conflict, Delegation
from progression.models import Recusal
from progression.states import State
from tests.at_a_browser import follow, press, sit_down, sound
from tests.council import organisation
from tests.standing_in import away, tied
from tests.walk import application_at

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_manager_goes_away(page):
    place = organisation()
    sit_down(page, place.manager)
    page.goto("/you/")
    follow(page.get_by_role("link", name="When you are away"))
    sound(page)
    follow(page.get_by_role("button", name="Choose who stands in for you"))
    press(page, "Continue")
    page.locator(".govuk-error-summary").wait_for()
    sound(page)
    page.get_by_label("Who stands in for you?").select_option(str(place.other_manager.pk))
    today = timezone.localdate()
    for name in ("First day away", "Last day away"):
        group = page.get_by_role("group", name=name)
        for part, value in (("Day", today.day), ("Month", today.month), ("Year", today.year)):
            group.get_by_label(part).fill(str(value))
    sound(page)
    press(page, "Continue")
    sound(page)
    press(page, "Let them stand in")
    page.get_by_text(f"{place.other_manager.name} will stand in for you").wait_for()
    sound(page)
    for reader in (place.manager, place.other_manager):
        sit_down(page, reader)
        page.goto("/")
        sound(page)
    sit_down(page, place.other_manager)
    page.goto("/you/away/")
    sound(page)
    sit_down(page, place.manager)
    page.goto(reverse("people:end_away", args=[Delegation.objects.get().pk]))
    sound(page)
    press(page, "End it now")
    page.get_by_role("heading", name="Over").wait_for()
    sound(page)


def test_a_worker_declares_a_conflict(new_page):
    """Without JavaScript."""
    place = organisation()
    page = new_page(java_script_enabled=False)
    sit_down(page, place.worker)
    page.goto("/you/conflicts/new/")
    page.get_by_label("Their email address").fill(place.manager.email)
    page.get_by_label("Partner or spouse").check()
    press(page, "Continue")
    press(page, "Declare it")
    assert Conflict.objects.get().other == place.manager
    assert place.manager.name in page.locator("main").inner_text()


def test_its_pages(page):
    place = organisation()
    conflict = tied(place.worker, place.manager)
    sit_down(page, place.worker)
    for address in ("", "new/", f"{conflict.pk}/end/"):
        page.goto(f"/you/conflicts/{address}")
        sound(page)
    page.goto("/you/conflicts/new/")
    page.get_by_label("Their email address").fill(place.head.email)
    page.get_by_label("Close friend").check()
    press(page, "Continue")
    sound(page)
    sit_down(page, place.manager)
    page.goto("/you/conflicts/")
    sound(page)


def test_a_case_is_handed_over(page):
    place = organisation()
    application = application_at(State.SUBMITTED, place)
    away(place.service_manager, place.head)
    tied(application.worker, place.manager)
    for reader in (place.manager, place.head, application.worker):
        sit_down(page, reader)
        page.goto(reverse("progression:case", args=[application.reference]))
        sound(page)
    sit_down(page, place.head)
    page.goto(reverse("progression:case", args=[application.reference]))
    follow(page.get_by_role("link", name="Hand this application to somebody else"))
    sound(page)
    press(page, "Continue")
    page.locator(".govuk-error-summary").wait_for()
    page.get_by_label("Who takes it over?").select_option(str(place.other_manager.pk))
    page.get_by_label("Why must somebody else judge it?").fill("They are married.")
    press(page, "Continue")
    sound(page)
    press(page, "Hand it over")
    page.get_by_text(f"{application.reference} handed to {place.other_manager.name}").wait_for()
    sound(page)
    assert Recusal.objects.get().handed_to == place.other_manager
    sit_down(page, place.other_manager)
    page.goto(reverse("reviews:assessment", args=[application.reference]))
    sound(page)
