"""Passkeys and codes in a real browser, whose authenticator Chromium plays itself."""

import pytest
from playwright.sync_api import expect

from people.roles import Role
from tests.at_a_browser import follow, press, sound
from tests.council import person
from tests.people.codes import code_of, secret_of

pytestmark = pytest.mark.django_db(transaction=True)

STEPS = "/account/second-step/"


@pytest.fixture
def manager():
    return person(Role.TEAM_MANAGER, "Grace Ellerby")


@pytest.fixture
def key(page):
    """An authenticator in this browser that knows its owner; False once it does not."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

    def knows_its_owner(yes):
        session.send("WebAuthn.setUserVerified", {"authenticatorId": made, "isUserVerified": yes})

    return knows_its_owner


def with_password(page, user):
    page.goto("/account/sign-in/")
    page.get_by_label("Email address").fill(user.email)
    page.get_by_label("Password", exact=True).fill("progression")
    press(page, "Sign in")


def set_up(page, user):
    with_password(page, user)
    follow(page.get_by_role("link", name="Set up a passkey"))
    press(page, "Make the passkey")


def sign_out(page):
    page.goto("/account/sign-out/")
    press(page, "Sign out")


def heading(page):
    return page.get_by_role("heading", level=1).inner_text()


def test_one_is_set_up_and_signs_in_by_itself(page, key, manager):
    set_up(page, manager)
    assert heading(page) == "The passkey is set up"
    assert page.locator("code").count() == 10
    sound(page)
    follow(page.get_by_role("button", name="I have kept them: continue"))
    assert heading(page) == "Start"
    sign_out(page)
    page.goto("/account/sign-in/?next=/teams/")
    press(page, "Sign in with a passkey")
    assert heading(page) == "Teams"


def test_after_a_password_it_is_the_second_step(page, key, manager):
    set_up(page, manager)
    sign_out(page)
    with_password(page, manager)
    assert heading(page) == "Your second step"
    sound(page)
    press(page, "Use a passkey instead")
    assert heading(page) == "Start"


def test_one_that_does_not_know_its_owner_opens_nothing(page, key, manager):
    set_up(page, manager)
    sign_out(page)
    key(False)
    page.goto("/account/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.locator("#passkey-status")).to_contain_text("was not used")
    page.goto("/teams/")
    assert heading(page) == "Sign in"


def test_a_leavers_opens_nothing(page, key, manager):
    set_up(page, manager)
    sign_out(page)
    type(manager).objects.update(is_active=False)
    page.goto("/account/sign-in/")
    press(page, "Sign in with a passkey")
    assert heading(page) == "Sign in"


def test_it_proves_anew_who_one_is_and_is_removed_when_there_is_another(page, key, manager, monkeypatch):
    set_up(page, manager)
    monkeypatch.setattr("people.sign_in.FRESH", -1)
    page.goto(STEPS + "app/")
    assert heading(page) == "Show that it is you"
    follow(page.get_by_role("link", name="Use a security key instead"))
    sound(page)
    monkeypatch.undo()
    press(page, "Use your passkey")
    assert heading(page) == "Set up an authenticator app"
    sound(page)
    secret = page.locator("code").inner_text(timeout=1) if page.locator("code").is_visible() else None
    assert secret is None
    page.get_by_text("If you cannot scan it").click()
    page.get_by_label("Code").fill(code_of(page.locator("code").inner_text()))
    press(page, "Set up the app")
    assert heading(page) == "Second step when you sign in" and secret_of(manager)
    sound(page)
    follow(page.get_by_role("link", name="Remove Chrome on Linux"))
    sound(page)
    press(page, "Remove the passkey")
    assert "The passkey is removed" in page.content()
    assert set(manager.authenticator_set.values_list("type", flat=True)) == {"totp", "recovery_codes"}


def test_without_javascript_there_is_the_app(new_page, manager):
    page = new_page(java_script_enabled=False)
    with_password(page, manager)
    page.goto(STEPS + "passkeys/new/")
    assert "Passkeys need JavaScript" in page.content()
    page.goto(STEPS + "app/")
    page.get_by_text("If you cannot scan it").click()
    page.get_by_label("Code").fill(code_of(page.locator("code").inner_text()))
    press(page, "Set up the app")
    assert page.locator("code").count() == 10
