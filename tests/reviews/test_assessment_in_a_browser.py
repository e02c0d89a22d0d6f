"""The largest form, laid out by hand: what opens, where errors lead, and that it fits a small screen."""

import pytest
from django.urls import reverse

from progression.states import State
from reviews import transitions
from tests import axe
from tests.at_a_browser import follow, sit_down
from tests.council import NOW, manager_of
from tests.walk import application_at

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def address(live_server):
    application = application_at(State.SUBMITTED)
    transitions.begin_assessment(application, actor=manager_of(application), now=NOW)
    return application, reverse("reviews:assess_heading", args=(application.reference, "recording"))


def sign_in(page, user):
    sit_down(page, user)


@pytest.mark.parametrize("java_script", [True, False])
def test_a_wrong_date_can_be_found_and_mended(address, new_page, java_script):
    """R9: the agreed action opens with "not met", script or none."""
    application, heading = address
    page = new_page(viewport={"width": 320, "height": 640}, java_script_enabled=java_script)
    sign_in(page, manager_of(application))
    page.goto(heading)
    action = page.get_by_label("Agreed action for criterion 1")
    assert not action.is_visible()
    page.get_by_label("Not met").first.check()
    assert action.is_visible()
    by_when = page.get_by_role("group", name="By when, for criterion 1")
    for part, typed in (("Day", "31"), ("Month", "2"), ("Year", "2030")):
        by_when.get_by_label(part).fill(typed)
    follow(page.get_by_role("button", name="Save and go to next heading"))
    page.get_by_role("link", name="must be a real date").click()
    assert page.evaluate("document.querySelector(':target, :focus').id").endswith("_0")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    if java_script:
        assert axe.faults(page) == []
    by_when.get_by_label("Day").fill("1")
    follow(page.get_by_role("button", name="Save and go to next heading"))
    assert page.get_by_role("heading", level=1).inner_text() == "Assessments"
