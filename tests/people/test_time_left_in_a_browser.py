"""The warning before a session ends: seen in time, by every tab, with the work saved first."""

import re
import time

import pytest
from playwright.sync_api import expect

from people import sessions
from people.roles import Role
from people.sign_in_models import Session
from portfolios.models import Evidence
from tests.at_a_browser import sit_down, sound
from tests.council import person
from tests.walk import State, application_at

pytestmark = pytest.mark.django_db(transaction=True)

WARNING = "Nothing has happened here for a while"


@pytest.fixture
def worker():
    return application_at(State.DRAFT).worker


@pytest.fixture
def page(page, worker):
    sit_down(page, worker)
    page.clock.install()
    return page


def as_if(page, **seconds):
    """Make the session as old as if so many seconds had passed since it was used, or began."""
    key = next(one["value"] for one in page.context.cookies() if one["name"] == "sessionid")
    session = sessions.SessionStore(key)
    for name, ago in seconds.items():
        session[name] = time.time() - ago
    session.save()


def warned(page):
    return page.get_by_role("dialog", name="You will soon be signed out")


def later(page, minutes):
    page.clock.fast_forward(minutes * 60_000)


def test_a_warning_comes_three_minutes_before_and_one_may_stay(page):
    page.goto("/you/conflicts/")
    as_if(page, seen=sessions.IDLE - 170)
    later(page, 28)
    expect(warned(page)).to_contain_text(WARNING)
    assert page.evaluate("document.activeElement.textContent") == "Stay signed in"
    sound(page)
    page.get_by_role("button", name="Stay signed in").click()
    expect(warned(page)).to_be_hidden()
    assert Session.objects.get().seen_at.timestamp() > time.time() - 30


def test_use_in_another_tab_puts_the_warning_off(page):
    page.goto("/you/conflicts/")
    later(page, 28)  # the server has seen a request a moment ago
    page.wait_for_load_state("networkidle")
    expect(warned(page)).to_be_hidden()


def test_a_warning_goes_by_itself_when_another_tab_is_used(page):
    page.goto("/you/conflicts/")
    as_if(page, seen=sessions.IDLE - 170)
    later(page, 28)
    expect(warned(page)).to_be_visible()
    as_if(page, seen=0)
    page.clock.fast_forward(16_000)
    expect(warned(page)).to_be_hidden()


def test_what_is_typed_is_saved_before_the_warning(page):
    page.goto("/evidence/new/?heading=recording")
    page.get_by_label("Title").fill("A core group")
    as_if(page, seen=sessions.IDLE - 170)
    later(page, 28)
    expect(page.locator("#autosave-status")).to_have_text(re.compile("^Saved at"))
    assert Evidence.objects.filter(title="A core group").exists()


def test_typing_counts_as_use(page):
    page.goto("/you/conflicts/new/")
    as_if(page, seen=600)
    later(page, 2)
    with page.expect_response(re.compile("/stay/$")):
        page.locator("textarea").first.fill("We were at school together.")
    assert Session.objects.get().seen_at.timestamp() > time.time() - 30


def test_at_the_end_the_page_leaves_the_screen(page):
    page.goto("/you/conflicts/")
    as_if(page, seen=sessions.IDLE + 1)
    later(page, 30)
    page.wait_for_url(re.compile(r"/account/sign-in/\?next="))


def test_words_that_nothing_saved_stay_with_a_way_to_sign_in_beside_them(page):
    page.goto("/you/conflicts/new/")
    page.locator("textarea").first.fill("We were at school together.")
    as_if(page, seen=sessions.IDLE + 1)
    later(page, 30)
    expect(page.get_by_role("dialog", name="You have been signed out")).to_contain_text("still on this page")
    assert page.get_by_role("link", name="Sign in in a new tab").get_attribute("target") == "_blank"
    assert page.locator("textarea").first.input_value() == "We were at school together."


def test_after_ten_hours_nobody_stays_and_is_told_five_minutes_before(page):
    page.goto("/you/conflicts/")
    as_if(page, started=sessions.LONGEST - 280, seen=0)
    page.reload()
    later(page, 1)
    expect(warned(page)).to_contain_text("Nobody is signed in for longer than 10 hours")
    page.get_by_role("button", name="Go on until then").click()
    expect(warned(page)).to_be_hidden()


def test_whoever_is_not_signed_in_is_not_warned(new_page):
    person(Role.SOCIAL_WORKER)
    page = new_page()
    page.goto("/account/sign-in/")
    assert page.locator("#time-left").count() == 0
