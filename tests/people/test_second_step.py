"""The second step of signing in: who must take it, setting it up, using it, losing it."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from people.roles import Role
from people.sign_in_models import AccountLetter, Letter
from people.tasks import send_account_letters
from tests.council import person
from tests.people.codes import app_of, code_of, secret_of
from tests.signed_in import by_password_alone

pytestmark = pytest.mark.django_db

SIGN_IN, CODE, STEPS = "/account/sign-in/", "/account/sign-in/code/", "/account/second-step/"
PASSWORD = "progression"
DECIDE_OR_DOWNLOAD = [role for role in Role if role != Role.SOCIAL_WORKER]


@pytest.fixture
def manager():
    return person(Role.TEAM_MANAGER, "Grace Ellerby")


@pytest.fixture
def client():
    """A browser in which nobody has signed in yet: each test goes through the page."""
    return Client()


def with_password(client, user, page=SIGN_IN):
    return client.post(page, {"login": user.email, "password": PASSWORD})


def is_in(client):
    return client.get("/you/").status_code == 200


def codes_on(page):
    return [code.replace(" ", "") for code in re.findall(r"<code>(\d{4} \d{4})</code>", page.text)]


def set_up(client):
    """Set up an app through its page; the recovery codes that are shown."""
    page = client.get(STEPS + "app/")
    secret = re.search(r"<code>(\w+)</code>", page.text)[1]
    done = client.post(STEPS + "app/", {"code": code_of(secret, steps=-1)})
    assert "The app is set up" in done.text, done.text
    return codes_on(done)


@pytest.mark.parametrize("role", DECIDE_OR_DOWNLOAD)
def test_whoever_decides_or_downloads_must_set_one_up_first(client, role):
    user = person(role)
    assert with_password(client, user).status_code == 302
    for path in (
        "/",
        "/you/",
        "/teams/",
        "/payroll/forms/",
        "/account/sessions/",
        "/account/password/change/",
    ):
        answer = client.get(path)
        assert (answer.status_code, answer.url) == (302, f"{STEPS}?next={path.replace('/', '%2F')}"), path
    assert "You decide on other people’s applications" in client.get(STEPS).text


def test_a_social_worker_need_not_but_an_operator_among_them_must(client):
    worker = person(Role.SOCIAL_WORKER)
    with_password(client, worker)
    assert is_in(client)
    worker.is_staff = True
    worker.save()
    assert not is_in(client)
    assert client.get("/admin/").url.startswith(STEPS)


def test_becoming_a_manager_counts_at_the_next_request(client):
    worker = person(Role.SOCIAL_WORKER)
    with_password(client, worker)
    assert is_in(client)
    type(worker).objects.filter(pk=worker.pk).update(role=Role.TEAM_MANAGER)
    assert client.get("/you/").url.startswith(STEPS)


def test_it_is_set_up_in_two_pages_and_leads_where_one_was_going(
    client, manager, django_capture_on_commit_callbacks
):
    page = client.get(with_password(client, manager, SIGN_IN + "?next=/teams/").url)
    assert page.url == STEPS + "?next=%2Fteams%2F"
    client.get(page.url)
    app = client.get(STEPS + "app/")
    secret = re.search(r"<code>(\w+)</code>", app.text)[1]
    assert "is wrong" in client.post(STEPS + "app/", {"code": "000000"}).text
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post(STEPS + "app/", {"code": code_of(secret)})
    assert len(codes_on(done)) == 10 and 'href="/teams/"' in done.text
    assert client.get("/teams/").status_code == 200
    assert secret not in str(Authenticator.objects.values_list("data", flat=True))
    assert AccountLetter.objects.get().kind == Letter.STEP_ADDED


def test_going_on_is_never_to_another_site(client, manager):
    with_password(client, manager)
    client.get(STEPS + "?next=https://elsewhere.example/")
    client.get(STEPS + "?next=//elsewhere.example/")
    page = client.get(STEPS + "app/")
    done = client.post(STEPS + "app/", {"code": code_of(re.search(r"<code>(\w+)</code>", page.text)[1])})
    assert "elsewhere" not in done.text


def test_recovery_codes_are_shown_once(client, manager):
    with_password(client, manager)
    first = set_up(client)
    for path in (STEPS, STEPS + "app/", STEPS + "codes/"):
        assert not set(first) & set(codes_on(client.get(path, follow=True)))
    second = codes_on(client.post(STEPS + "codes/"))
    assert len(second) == 10 and not set(first) & set(second)


def test_signing_in_asks_for_it(client, manager):
    secret = app_of(manager)
    assert with_password(client, manager).url == CODE
    assert not is_in(client)
    assert "is wrong" in client.post(CODE, {"code": "123"}).text
    assert client.post(CODE, {"code": code_of(secret)}).status_code == 302
    assert is_in(client)


def test_a_code_counts_once_while_any_clock_takes_it(client, manager, monkeypatch):
    secret = app_of(manager)
    code = code_of(secret)
    with_password(client, manager)
    client.post(CODE, {"code": code})
    monkeypatch.setattr(
        "allauth.mfa.totp.internal.auth.TOTP._mark_code_used", lambda *_: True
    )  # 31 seconds on
    other = Client()
    with_password(other, manager)
    assert "has been used" in other.post(CODE, {"code": f" {code[:3]} {code[3:]}"}).text
    assert not is_in(other)


def test_a_recovery_code_works_once(client, manager):
    with_password(client, manager)
    code = set_up(client)[3]
    for worked in (True, False):
        other = Client()
        with_password(other, manager)
        other.post(CODE, {"code": code})
        assert is_in(other) == worked


def test_guessing_codes_locks_the_account_not_the_next_desk(client, manager):
    secret = app_of(manager)
    with_password(client, manager)
    for _ in range(5):
        client.post(CODE, {"code": "000000"})
    assert "Too many wrong tries" in client.post(CODE, {"code": code_of(secret)}).text
    assert not is_in(client)
    colleague = person(Role.TEAM_MANAGER)
    its = app_of(colleague)
    other = Client()
    with_password(other, colleague)
    assert other.post(CODE, {"code": code_of(its)}).status_code == 302


def test_somebody_halfway_can_start_again(client, manager):
    app_of(manager)
    with_password(client, manager)
    assert client.get(SIGN_IN).url == CODE
    client.post(CODE, {"start_again": "yes"})
    assert client.get(SIGN_IN).status_code == 200


def test_a_new_password_skips_nothing(client, manager, mailoutbox):
    app_of(manager)
    client.post("/account/password/forgotten/", {"email": manager.email})
    send_account_letters()
    link = re.search(r"http://localhost:8000(\S+)", mailoutbox[0].body)[1]
    page = client.get(link, follow=True)
    new = {"password1": "seven green kettles", "password2": "seven green kettles"}
    assert client.post(page.request["PATH_INFO"], new).url == CODE
    assert not is_in(client)


def test_what_was_typed_is_given_back(client, manager):
    by_password_alone(client, manager)
    words = {"note": "I saw it in supervision."}
    sent = client.post("/you/notices/", words, headers={"origin": "http://testserver"})
    assert sent.status_code == 403 and words["note"] in sent.text
    assert client.post("/you/notices/", words).url == STEPS


def test_removing_it_asks_first_and_needs_another_where_one_is_required(client):
    worker = person(Role.SOCIAL_WORKER)
    with_password(client, worker)
    set_up(client)
    assert "Do you want to remove the app?" in client.get(STEPS + "app/remove/").text
    assert worker.authenticator_set.count() == 2
    client.post(STEPS + "app/remove/")
    assert not worker.authenticator_set.exists()
    assert AccountLetter.objects.get().kind == Letter.STEP_REMOVED


def test_the_last_one_stays_where_it_is_required(client, manager):
    with_password(client, manager)
    set_up(client)
    assert "Remove" not in client.get(STEPS).text
    page = client.post(STEPS + "app/remove/")
    assert "Set up another first" in page.text
    assert secret_of(manager)


def test_changing_it_needs_a_fresh_proof_by_the_second_step(client, manager, monkeypatch):
    secret = app_of(manager)
    with_password(client, manager)
    client.post(CODE, {"code": code_of(secret, steps=-1)})
    monkeypatch.setattr("people.sign_in.FRESH", -1)
    sent = client.post(STEPS + "codes/")
    assert sent.url.startswith("/account/again/code/")
    assert client.get("/account/again/", follow=True).request["PATH_INFO"] == "/account/again/code/"
    monkeypatch.undo()
    assert client.post(sent.url, {"code": code_of(secret)}).status_code in (200, 302)


def test_in_a_demonstration_nobody_is_asked(client, manager, settings):
    settings.DEMO = True
    assert "nobody is asked for a second step" in client.get(SIGN_IN).text
    with_password(client, manager)
    assert is_in(client)


def test_your_details_say_what_is_set_up(client, manager):
    client.force_login(manager)
    assert "Not set up" in client.get("/you/").text
    app_of(manager)
    assert "App" in client.get("/you/").text


def test_asking_whether_it_was_used_costs_no_query(client, manager, django_assert_num_queries):
    client.force_login(manager)
    client.get("/account/password/forgotten/sent/")
    client.get("/account/sign-out/")
    with django_assert_num_queries(1):  # who it is
        client.get("/account/sign-out/")


def test_a_session_by_password_alone_adds_no_step_beside_one_that_is_there(client, manager):
    """Whoever knows the password only, and was signed in before the owner set up theirs."""
    with_password(client, manager)
    secret = app_of(manager)
    for path in ("passkeys/new/", "codes/"):
        answer = client.get(STEPS + path)
        assert answer.url.startswith(("/account/again/code/", STEPS)), path
    sent = client.get(STEPS + "passkeys/new/").url
    client.post(sent, {"code": code_of(secret)})
    assert client.get(STEPS + "passkeys/new/").status_code == 200


def test_setting_one_up_ends_every_session_that_began_without(client, manager):
    other = Client()
    with_password(other, manager)
    with_password(client, manager)
    set_up(client)
    assert is_in(client)
    assert other.get(STEPS).url.startswith(SIGN_IN)


class TestAnAdministrator:
    """Helps somebody who has lost everything; reads no secret; gives nobody's account away."""

    def test_takes_it_off_and_the_person_is_told_and_out(
        self, client, manager, django_capture_on_commit_callbacks
    ):
        secret = app_of(manager)
        with_password(client, manager)
        client.post(CODE, {"code": code_of(secret)})
        operator, bystander = Client(), person(Role.TEAM_MANAGER)
        operator.force_login(person(Role.ADMINISTRATOR))
        app_of(bystander)
        chosen = {"action": "take_off_second_step", "_selected_action": [manager.pk]}
        with django_capture_on_commit_callbacks(execute=True):
            assert "Done for 1 of 1" in operator.post("/admin/people/user/", chosen, follow=True).text
        assert list(Authenticator.objects.values_list("user", flat=True)) == [bystander.pk]
        assert AccountLetter.objects.get().email == manager.email
        assert not is_in(client)

    def test_sets_a_password_and_the_person_is_told_and_out(self, client):
        worker = person(Role.SOCIAL_WORKER)
        with_password(client, worker)
        assert is_in(client)
        operator = Client()
        operator.force_login(person(Role.ADMINISTRATOR))
        new = {"usable_password": "true", "password1": "three good words", "password2": "three good words"}
        operator.post(f"/admin/people/user/{worker.pk}/password/", new | {"set-password": "1"})
        worker.refresh_from_db()
        assert worker.check_password("three good words")
        letter = AccountLetter.objects.get()
        assert (letter.email, letter.kind) == (worker.email, "new_password")
        assert not is_in(client)

    @pytest.mark.parametrize("model", ["mfa/authenticator", "socialaccount/socialaccount", "people/session"])
    def test_reads_no_secret_there(self, model):
        operator = Client()
        operator.force_login(person(Role.ADMINISTRATOR))
        assert operator.get(f"/admin/{model}/").status_code == 404


@pytest.mark.parametrize("path", ["app/", "passkeys/new/"])
def test_whom_only_the_council_knows_signs_in_anew_before_adding_a_step(client, manager, monkeypatch, path):
    """A session that was left open, or taken, would otherwise get itself a passkey that lasts."""
    manager.set_unusable_password()
    manager.save()
    by_password_alone(client, manager)
    assert client.get(STEPS + path).status_code == 200
    monkeypatch.setattr("people.sign_in.FRESH", -1)
    for answer in (client.get(STEPS + path), client.post(STEPS + path, {"code": "000000"})):
        assert answer.status_code == 403 and "Sign in again first" in answer.text
