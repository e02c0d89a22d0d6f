"""Sessions: listed, ended, over by themselves; who leaves or changes is out at the next request."""

import re
import time

import pytest
from django.test import Client

from people import sessions
from people.models import AuditEntry
from people.roles import Role
from people.sign_in_models import Session
from tests.council import organisation, person, team_of
from tests.portfolios.makers import piece_of, said
from tests.standing_in import away, back
from tests.walk import State, application_at

pytestmark = pytest.mark.django_db

LIST = "/account/sessions/"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"


@pytest.fixture
def kim():
    return person(Role.SOCIAL_WORKER, "Kim O'Hara")


@pytest.fixture
def client(kim):
    return at_a_desk(kim)


def at_a_desk(user, agent=EDGE, address="203.0.113.77"):
    """A browser in which `user` has signed in through the page."""
    client = Client(headers={"user-agent": agent}, REMOTE_ADDR=address)
    client.post("/account/sign-in/", {"login": user.email, "password": "progression"})
    return client


def is_in(client):
    return client.get("/you/").status_code == 200


def aged(client, **seconds):
    """Make the session as old as if so many seconds had passed since it was used, or began."""
    session = client.session
    for name, ago in seconds.items():
        session[name] = time.time() - ago
    session.save()


def test_each_is_listed_by_device_and_network_never_by_key_or_whole_address(client, kim):
    at_a_desk(kim, "Mozilla/5.0 (iPhone) Version/18.0 Safari/604.1", "2001:db8:5:1::9")
    at_a_desk(person(Role.SOCIAL_WORKER))
    page = client.get(LIST).text
    assert "Edge on Windows" in page and "Safari on iPhone" in page and page.count("Last used") == 2
    assert "203.0.113.x" in page and "203.0.113.77" not in page and "2001:db8:5::x" in page
    assert not any(key in page for key in Session.objects.values_list("pk", flat=True))


def test_one_is_ended_after_asking_and_is_out_at_its_next_request(client, kim):
    other = at_a_desk(kim)
    (address,) = re.findall(r'href="(/account/sessions/\w{16}/end/)"', client.get(LIST).text)
    assert "Do you want to end this session?" in client.get(address).text
    assert is_in(other)
    client.post(address)
    assert not is_in(other) and is_in(client)
    assert AuditEntry.objects.filter(kind="signed out", people=[kim.pk]).exists()
    assert client.post(address).status_code == 404


def test_nobody_ends_another_persons(client, kim):
    other = at_a_desk(person(Role.SOCIAL_WORKER))
    at_a_desk(kim)
    (address,) = re.findall(r'href="(/account/sessions/\w{16}/end/)"', client.get(LIST).text)
    assert other.post(address).status_code == 404


def test_all_others_are_ended_at_once(client, kim):
    others = [at_a_desk(kim) for _ in range(3)]
    stranger = at_a_desk(person(Role.SOCIAL_WORKER))
    client.post(LIST + "end-others/")
    assert [is_in(one) for one in (*others, client, stranger)] == [False, False, False, True, True]


def test_a_new_password_ends_all_others(client, kim):
    other = at_a_desk(kim)
    new = {"password1": "seven green kettles", "password2": "seven green kettles"}
    client.post("/account/password/change/", new | {"oldpassword": "progression"})
    assert is_in(client) and not is_in(other)


def test_half_an_hour_unused_and_it_is_over(client):
    aged(client, seen=sessions.IDLE - 5)
    assert is_in(client)
    aged(client, seen=sessions.IDLE + 1)
    assert not is_in(client)
    assert not Session.objects.filter(user__isnull=False).exists()


def test_ten_hours_after_signing_in_it_is_over_however_much_it_is_used(client):
    aged(client, started=sessions.LONGEST - 5)
    assert is_in(client)
    aged(client, started=sessions.LONGEST + 1)
    assert not is_in(client)


def test_use_prolongs_it_and_is_written_down_once_a_minute(client, django_assert_num_queries):
    aged(client, seen=120)
    is_in(client)
    assert time.time() - client.session[sessions.SEEN] < 10
    seen = client.session[sessions.SEEN]
    is_in(client)
    assert client.session[sessions.SEEN] == seen


def test_asking_for_the_time_left_prolongs_nothing_and_saying_so_does(client):
    aged(client, seen=600)
    assert client.get(LIST + "time-left/").json()["idle"] in range(1195, 1201)
    assert client.get(LIST + "time-left/").json()["idle"] in range(1195, 1201)
    assert client.post(LIST + "stay/").json()["idle"] in range(1795, 1801)
    assert Client().get(LIST + "time-left/").json() == {"idle": 0, "longest": 0}


def test_what_was_typed_comes_back_when_it_was_over(client):
    aged(client, seen=sessions.IDLE + 1)
    sent = client.post("/you/notices/", {"a": "Many words."}, headers={"origin": "http://testserver"})
    assert sent.status_code == 403 and "Many words." in sent.text


def test_a_session_that_says_not_when_it_began_is_nobodys(client, kim):
    session = client.session
    del session[sessions.STARTED]
    session.save()
    assert not is_in(client)


def test_a_leaver_is_out_everywhere_at_the_next_request(client, kim):
    other = at_a_desk(kim)
    type(kim).objects.filter(pk=kim.pk).update(is_active=False)
    assert not is_in(client) and not is_in(other)


def test_a_leaver_who_comes_back_signs_in_anew(client, kim):
    operator = Client()
    operator.force_login(person(Role.ADMINISTRATOR))
    said = {"email": kim.email, "name": kim.name, "role": kim.role}
    for active in ({}, {"is_active": "on"}):
        assert operator.post(f"/admin/people/user/{kim.pk}/change/", said | active).status_code == 302
    kim.refresh_from_db()
    assert kim.is_active and not is_in(client)


def test_a_role_that_was_taken_counts_at_the_next_request(settings):
    head = person(Role.HEAD_OF_SERVICE)
    client = Client()
    client.force_login(head)
    assert client.get("/workers/").status_code == 200
    type(head).objects.filter(pk=head.pk).update(role=Role.SOCIAL_WORKER)
    assert client.get("/workers/").status_code == 403


def test_whoever_stood_in_is_out_of_the_case_at_the_next_request():
    case = application_at(State.SUBMITTED)
    deputy = team_of(case.team.service).manager
    client = Client()
    client.force_login(deputy)
    page = f"/applications/{case.reference}/"
    assert client.get(page).status_code == 404
    delegation = away(case.team.manager, deputy)
    assert client.get(page).status_code == 200
    back(delegation)
    assert client.get(page).status_code == 404


def test_signing_in_and_out_and_failing_are_in_the_audit_without_the_address(kim):
    client = Client()
    client.post("/account/sign-in/", {"login": kim.email, "password": "wrong"})
    client.post("/account/sign-in/", {"login": "nobody@test.example", "password": "wrong"})
    client = at_a_desk(kim)
    client.post("/account/sign-out/")
    found = AuditEntry.objects.filter(thing="").order_by("id").values_list("kind", "people", "words")
    assert list(found) == [
        ("not signed in", [kim.pk], "wrong password"),
        ("not signed in", [], "wrong password"),
        ("signed in", [kim.pk], ""),
        ("signed out", [kim.pk], ""),
    ]


def test_what_a_page_was_about_to_say_is_not_said_to_whoever_comes_next():
    """On a shared computer: a message names people and pieces, and waits in a cookie for the next page."""
    worker = organisation().worker
    client = at_a_desk(worker)
    piece = piece_of(worker, fields=said(title="A visit to number nine"))
    client.post(f"/evidence/{piece.pk}/remove/")
    assert "messages" in client.cookies
    client.post("/account/sign-out/")
    assert "number nine" not in client.get("/account/sign-in/").text
    next_one = person(Role.SOCIAL_WORKER)
    client.post("/account/sign-in/", {"login": next_one.email, "password": "progression"})
    assert "number nine" not in client.get("/you/").text


def test_a_message_is_said_on_the_next_page_of_the_same_session():
    worker = organisation().worker
    client = at_a_desk(worker)
    piece = piece_of(worker, fields=said(title="A visit to number nine"))
    assert "number nine" in client.post(f"/evidence/{piece.pk}/remove/", follow=True).text
