"""Redis is gone, or hangs: pages work from the database, signing in and its lock-out too."""

import socket
import time

import pytest
from celery import Celery
from django.conf import settings
from django.core.cache import caches
from django.test import Client, override_settings

from people.sign_in_models import Session
from progression.models import Application
from progression.states import State
from tests.council import organisation
from tests.people.codes import app_of, code_of
from tests.walk import application_at

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD, CODE = "progression", "/account/sign-in/code/"


@pytest.fixture(params=["gone", "hanging"])
def no_redis(request, settings):
    """Every cache at an address where nobody listens, or where nobody ever answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1] if request.param == "hanging" else 1
        nowhere = {"LOCATION": f"redis://127.0.0.1:{port}/0", "OPTIONS": {"socket_timeout": 0.1}}
        elsewhere = {
            name: cache | nowhere if "LOCATION" in cache else cache for name, cache in settings.CACHES.items()
        }
        with override_settings(CACHES=elsewhere):
            yield


@pytest.fixture
def worker(client):
    worker = organisation().worker
    client.force_login(worker)
    return worker


def test_pages_work_and_keep_what_is_sent(client, worker, no_redis, monkeypatch):
    for page in ("/", "/you/", "/evidence/", "/applications/start/"):
        assert client.get(page).status_code == 200, page
    assert client.post("/applications/start/").status_code == 302
    assert Application.objects.filter(worker=worker).exists()
    assert client.get("/portfolio/").status_code == 200


def test_signing_out_works_and_lasts(client, worker, no_redis):
    old = client.cookies["sessionid"].value
    assert client.post("/account/sign-out/").status_code == 302
    client.cookies["sessionid"] = old
    assert client.get("/you/").status_code == 302


def sent(client, email, password=PASSWORD):
    return client.post("/account/sign-in/", {"login": email, "password": password})


def test_signing_in_works_by_both_steps_and_lasts(client, no_redis):
    manager = organisation().manager
    secret = app_of(manager)
    assert sent(client, manager.email).url == CODE
    assert client.post(CODE, {"code": code_of(secret)}).status_code == 302
    assert client.get("/you/").status_code == 200


def test_wrong_passwords_are_counted_and_lock_the_address(client, no_redis):
    worker = organisation().worker
    for _ in range(5):
        assert sent(client, worker.email, "wrong").status_code == 200
    assert sent(client, worker.email).status_code == 429
    assert client.get("/you/").status_code == 302


def test_a_lock_out_from_before_redis_went_lasts(client, settings):
    worker = organisation().worker
    for _ in range(5):
        sent(client, worker.email, "wrong")
    caches["redis"].clear()
    assert sent(client, worker.email).status_code == 429


def test_guessed_codes_are_counted_and_a_used_one_counts_no_more(client, no_redis):
    manager = organisation().manager
    code = code_of(app_of(manager))
    for worked in (True, False):
        other = Client()
        sent(other, manager.email)
        other.post(CODE, {"code": code})
        assert (other.get("/you/").status_code == 200) == worked
    for _ in range(5):
        other.post(CODE, {"code": "000000"})
    assert "Too many wrong tries" in other.post(CODE, {"code": "000000"}).text


def test_a_session_ended_elsewhere_is_out_at_the_next_request(client, worker, no_redis):
    other = Client()
    other.force_login(worker)
    assert other.get("/you/").status_code == 200
    assert client.post("/account/sessions/end-others/").status_code == 302
    assert other.get("/you/").status_code == 302
    assert client.get("/you/").status_code == 200


def test_a_copy_that_redis_kept_over_the_outage_opens_nothing(client, worker, settings):
    """The session was ended while Redis was away; Redis comes back with its copy."""
    client.get("/you/")
    Session.objects.all().delete()
    assert client.get("/you/").status_code == 302


def test_health_says_so_to_somebody_signed_in_too(client, worker, no_redis):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["redis"]) == (503, "fault")


def test_a_queue_that_never_answers_holds_nobody_up(monkeypatch):
    """Celery's connection has time limits of its own: the queue takes what it is sent and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"redis://127.0.0.1:{server.getsockname()[1]}/0"
        # Not as the current one: every test after this would send to it.
        silent = Celery("silent", broker=address, set_as_current=False)
        silent.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
        monkeypatch.setattr("progression.outbox.current_app", silent)
        began = time.monotonic()
        application = application_at(State.SUBMITTED)
        assert time.monotonic() - began < 15
        assert application.notices.filter(status="queued").exists()


def test_a_copy_lives_for_minutes_alone(client, worker):
    copies = caches["sessions"]
    client.get("/you/")
    key = f"django.contrib.sessions.cached_db{client.cookies['sessionid'].value}"
    assert 0 < copies._cache.get_client().ttl(copies.make_and_validate_key(key)) <= 300
