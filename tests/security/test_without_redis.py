"""Redis is gone, or hangs: pages work from the database, and only signing in waits until it is back."""

import socket
import time

import pytest
from celery import Celery
from django.conf import settings
from django.core.cache import caches
from django.test import override_settings

from progression.models import Application
from progression.states import State
from tests.council import organisation
from tests.walk import application_at

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=["gone", "hanging"])
def no_redis(request, settings):
    """Every cache at an address where nobody listens, or where nobody ever answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1] if request.param == "hanging" else 1
        elsewhere = {
            name: cache | {"LOCATION": f"redis://127.0.0.1:{port}/0", "OPTIONS": {"socket_timeout": 0.1}}
            for name, cache in settings.CACHES.items()
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


def test_nobody_signs_in_while_wrong_passwords_go_uncounted(client, no_redis):
    worker = organisation().worker
    assert client.get("/account/sign-in/").status_code == 200
    answer = client.post("/account/sign-in/", {"login": worker.email, "password": "progression"})
    assert answer.status_code == 503
    assert "Try again in a few minutes" in answer.text


def test_health_says_so_to_somebody_signed_in_too(client, worker, no_redis):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["redis"]) == (503, "fault")


def test_a_queue_that_never_answers_holds_nobody_up(monkeypatch):
    """Celery's connection has time limits of its own: the queue takes what it is sent and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        silent = Celery("silent", broker=f"redis://127.0.0.1:{server.getsockname()[1]}/0")
        silent.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
        monkeypatch.setattr("progression.outbox.current_app", silent)
        began = time.monotonic()
        application = application_at(State.SUBMITTED)
        assert time.monotonic() - began < 15
        assert application.notices.filter(status="queued").exists()


def test_a_copy_that_redis_kept_outlives_a_sign_out_by_minutes_alone(client, worker):
    copies = caches["sessions"]
    client.get("/you/")
    key = f"django.contrib.sessions.cached_db{client.cookies['sessionid'].value}"
    assert 0 < copies._cache.get_client().ttl(copies.make_and_validate_key(key)) <= 300
