"""Signing in and out, passwords, and the lock after wrong ones."""

import re

import pytest
from django.urls import reverse

from people.demo_cast import DEMO_CAST
from people.roles import Role
from people.sign_in_models import AccountLetter
from people.tasks import send_account_letters
from tests.council import person

pytestmark = pytest.mark.django_db

SIGN_IN = "/account/sign-in/"
PASSWORD = "progression"


@pytest.fixture
def kim():
    return person(Role.SOCIAL_WORKER, "Kim O'Hara")


@pytest.fixture
def leaver():
    return person(Role.SOCIAL_WORKER, is_active=False)


def try_to_sign_in(client, email, password=PASSWORD):
    return client.post(SIGN_IN, {"login": email, "password": password})


def signed_in(client):
    return client.get(reverse("people:you")).status_code == 200


def test_sign_in_page_asks_the_database_nothing(client, django_assert_num_queries):
    client.get(SIGN_IN)
    with django_assert_num_queries(0):
        assert client.get(SIGN_IN).status_code == 200


def test_right_password_whatever_the_case_of_the_address(client, kim):
    assert try_to_sign_in(client, kim.email.title()).headers["location"] == "/"
    assert signed_in(client)


def test_back_to_the_page_that_was_asked_for_and_never_to_another_site(client, kim):
    asked = client.get("/you/").headers["location"]
    assert asked == "/account/sign-in/?next=/you/"
    answer = client.post(asked, {"login": kim.email, "password": PASSWORD})
    assert answer.headers["location"] == "/you/"
    client.logout()
    answer = client.post(
        "/account/sign-in/?next=https://elsewhere.example/",
        {"login": kim.email, "password": PASSWORD},
    )
    assert answer.headers["location"] == "/"


def test_unknown_person_wrong_password_and_leaver_read_the_same_words(client, kim, leaver):
    answers = [
        try_to_sign_in(client, "nobody@test.example"),
        try_to_sign_in(client, kim.email, "wrong"),
        try_to_sign_in(client, leaver.email),
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert "The email address or the password is wrong" in answer.text
        assert not signed_in(client)


def test_somebody_made_inactive_is_out_at_once(client, kim):
    client.force_login(kim)
    assert signed_in(client)
    type(kim).objects.update(is_active=False)
    assert not signed_in(client)


@pytest.mark.parametrize("known", [True, False])
def test_five_wrong_passwords_lock_an_address_known_or_not(client, kim, known):
    email = kim.email if known else "nobody@test.example"
    for _ in range(5):
        assert try_to_sign_in(client, email, "wrong").status_code == 200
    locked = try_to_sign_in(client, email)
    assert locked.status_code == 429 and "locked for 5 minutes" in locked.text
    assert not signed_in(client)


def test_a_lock_on_one_address_leaves_the_next_desk_alone(client, kim):
    for _ in range(6):
        try_to_sign_in(client, "other@test.example", "wrong")
    assert try_to_sign_in(client, kim.email).status_code == 302


def test_four_wrong_and_one_right_is_no_lock(client, kim):
    for _ in range(4):
        try_to_sign_in(client, kim.email, "wrong")
    assert try_to_sign_in(client, kim.email).status_code == 302


def test_signing_out_is_a_page_with_a_button(client, kim):
    client.force_login(kim)
    assert "Do you want to sign out?" in client.get("/account/sign-out/").text
    assert signed_in(client)
    assert client.post("/account/sign-out/").headers["location"] == SIGN_IN
    assert not signed_in(client)


def link_sent_to(email, client, mailoutbox):
    answer = client.post("/account/password/forgotten/", {"email": email})
    assert answer.headers["location"] == "/account/password/forgotten/sent/"
    assert not mailoutbox
    send_account_letters()
    assert not AccountLetter.objects.exists()
    if not mailoutbox:
        return None
    (message,) = mailoutbox
    assert message.subject == "Choose a new password" and message.to == [email]
    return re.search(r"http://localhost:8000(\S+)", message.body)[1]


def test_forgotten_password_once_by_email(client, mailoutbox, kim):
    link = link_sent_to(kim.email, client, mailoutbox)
    assert "Hello Kim O'Hara" in mailoutbox[0].body
    page = client.get(link, follow=True)
    assert "Choose a new password" in page.text
    new = {"password1": "seven green kettles", "password2": "seven green kettles"}
    done = client.post(page.request["PATH_INFO"], new, follow=True)
    assert "Your password is changed" in done.text and signed_in(client)
    client.logout()
    assert "This link does not work" in client.get(link, follow=True).text
    assert try_to_sign_in(client, kim.email, "seven green kettles").status_code == 302


def test_forgotten_password_opens_a_locked_address(client, mailoutbox, kim):
    for _ in range(6):
        locked = try_to_sign_in(client, kim.email, "wrong")
    assert locked.status_code == 429
    page = client.get(link_sent_to(kim.email, client, mailoutbox), follow=True)
    new = {"password1": "seven green kettles", "password2": "seven green kettles"}
    client.post(page.request["PATH_INFO"], new)
    assert signed_in(client)


@pytest.mark.parametrize("left", [True, False])
def test_forgotten_password_tells_nobody_who_works_here(client, mailoutbox, leaver, left):
    email = leaver.email if left else "nobody@test.example"
    assert link_sent_to(email, client, mailoutbox) is None


def test_weak_password_is_refused(client, mailoutbox, kim):
    page = client.get(link_sent_to(kim.email, client, mailoutbox), follow=True)
    answer = client.post(page.request["PATH_INFO"], {"password1": "short", "password2": "short"})
    assert "at least 10 characters" in answer.text


def test_change_of_password_needs_the_old_one(client, kim):
    client.force_login(kim)
    new = {"password1": "seven green kettles", "password2": "seven green kettles"}
    assert (
        "this one is wrong" in client.post("/account/password/change/", new | {"oldpassword": "wrong"}).text
    )
    done = client.post("/account/password/change/", new | {"oldpassword": PASSWORD}, follow=True)
    assert "Your password is changed" in done.text and signed_in(client)
    client.logout()
    assert try_to_sign_in(client, kim.email, "seven green kettles").status_code == 302


ALLAUTH_HAS_ALSO = (
    "",
    "confirm-email/",
    "email/",
    "inactive/",
    "login/code/",
    "password/set/",
    "reauthenticate/",
    "signup/",
)


@pytest.mark.parametrize("path", ALLAUTH_HAS_ALSO)
def test_the_rest_of_allauth_has_no_address(client, path, kim):
    client.force_login(kim)
    assert client.get(f"/account/{path}").status_code == 404


def test_demo_cast_is_listed_and_signs_in_by_one_button_in_a_demonstration_only(client, settings):
    assert "demo cast" not in client.get(SIGN_IN).text
    settings.DEMO = True
    page = client.get(SIGN_IN).text
    for one in DEMO_CAST:
        assert f'value="{one.email}"' in page and one.name in page


def test_demo_cast_has_everybody_the_design_names():
    roles = [one.role for one in DEMO_CAST]
    assert roles.count(Role.SOCIAL_WORKER) == 6 and roles.count(Role.TEAM_MANAGER) == 2
    assert set(roles) == set(Role)
    assert len({one.email for one in DEMO_CAST}) == len(DEMO_CAST) == 15
