"""The pages of the frame, of signing in and of people: axe-core finds nothing, nothing is wider than 320 px,
a keyboard reaches everything.
"""

import pytest

from people.roles import Role
from tests.at_a_browser import follow, sit_down
from tests.axe import faults
from tests.council import organisation, person

pytestmark = [pytest.mark.urls("tests.pages.specimen"), pytest.mark.django_db(transaction=True)]

PASSWORD = "progression"
NARROW = {"viewport": {"width": 320, "height": 800}}


def sound(page):
    assert faults(page) == []
    page.set_viewport_size(NARROW["viewport"])
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size({"width": 1200, "height": 800})


def sign_in(page, email):
    page.goto("/account/sign-in/")
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    follow(page.get_by_role("button", name="Sign in", exact=True))


def test_signed_out_pages(page, page_faults, settings):
    settings.DEMO = True
    for path in ("/account/sign-in/", "/account/password/forgotten/", "/account/password/forgotten/sent/"):
        page.goto(path)
        sound(page)
    page.goto("/account/sign-in/")
    follow(page.get_by_role("button", name="Sign in", exact=True))
    sound(page)
    assert page_faults == []
    for path in ("/no/such/page/", "/refuses/", "/blocks/", "/breaks/", "/account/password/new/1-none/"):
        page.goto(path)
        sound(page)
    for _ in range(6):
        sign_in(page, "nobody@test.example")
    assert "locked for 5 minutes" in page.content()
    sound(page)
    page_faults.clear()  # those answers are errors on purpose


def test_signed_in_pages(page):
    place = organisation()
    type(place.team).objects.update(most_workers=1)
    sit_down(page, place.manager)
    for path in (
        "/you/",
        "/teams/",
        "/account/password/change/",
        "/account/second-step/",
        "/account/second-step/app/",
        "/account/second-step/passkeys/new/",
        "/account/sessions/",
        "/account/sessions/end-others/",
        "/account/again/",
        "/account/sign-out/",
    ):
        page.goto(path)
        sound(page)
    page.goto("/account/password/change/")
    follow(page.get_by_role("button", name="Change the password"))
    sound(page)
    page.get_by_label("Current password").fill(PASSWORD)
    for label in ("New password", "New password again"):
        page.get_by_label(label, exact=True).fill("seven green kettles")
    follow(page.get_by_role("button", name="Change the password"))
    assert page.get_by_role("alert").inner_text().endswith("Your password is changed")
    sound(page)


def test_every_kind_of_field_empty_and_wrong(page):
    page.goto("/specimen/")
    sound(page)
    follow(page.get_by_role("button", name="Send"))
    sound(page)


def test_signing_in_by_keyboard_alone_the_skip_link_first(page):
    kim = person(Role.AUDITOR)
    page.goto("/account/sign-in/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "govuk-skip-link"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type(kim.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Sign out").wait_for()


def test_on_a_small_screen_the_menu_opens_by_keyboard(new_page):
    kim = person(Role.AUDITOR)
    page = new_page(**NARROW)
    sign_in(page, kim.email)
    link = page.get_by_role("link", name="Your details")
    assert not link.is_visible()
    page.get_by_role("button", name="Menu").focus()
    page.keyboard.press("Enter")
    assert link.is_visible()


def test_signing_in_and_out_works_without_javascript(new_page):
    kim = person(Role.AUDITOR)
    page = new_page(java_script_enabled=False, **NARROW)
    sign_in(page, kim.email)
    follow(page.get_by_role("link", name="Sign out"))
    follow(page.get_by_role("button", name="Sign out"))
    assert page.url.endswith("/account/sign-in/")
