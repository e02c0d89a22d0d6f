"""/healthz tells a monitor what is wrong, and a stranger nothing more."""

import socket
import time

import pytest
from django.core.cache import caches
from django.db import OperationalError, connection
from redis.exceptions import ConnectionError as RedisGone

from config.health import SCANNER_ANSWERS, forget_worker, note_worker
from tests.portfolios.scanner import scanner_running


@pytest.mark.django_db
def test_all_three_answer(client):
    note_worker()
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"database": "ok", "redis": "ok", "worker": "ok"})


@pytest.mark.django_db
def test_no_worker_was_heard_of(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["worker"]) == (503, "fault")


@pytest.mark.django_db
def test_redis_is_gone(client, monkeypatch):
    monkeypatch.setattr(caches["redis"], "get", _raise(RedisGone("secret-host:6379")))
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json() == {"database": "ok", "redis": "fault", "worker": "fault"}


def test_database_is_gone(client, monkeypatch):
    note_worker()
    monkeypatch.setattr(connection, "cursor", _raise(OperationalError("secret-host:5432")))
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json() == {"database": "fault", "redis": "ok", "worker": "ok"}


class TestTheScanner:
    @pytest.fixture
    def asked(self, client, settings):
        """What is said, and how long it took, where the scanner is at this address."""

        def ask(url):
            settings.CLAMD_URL = url
            caches["redis"].delete(SCANNER_ANSWERS)
            began = time.monotonic()
            answer = client.get("/healthz")
            return answer.status_code, answer.json().get("scanner"), time.monotonic() - began

        note_worker()
        return ask

    @pytest.mark.django_db
    def test_there_and_gone(self, asked):
        with scanner_running() as scanner:
            assert asked(scanner.url)[:2] == (200, "ok")
        assert asked(scanner.url)[:2] == (200, "fault")

    @pytest.mark.django_db
    def test_it_answers_something_else(self, asked):
        with scanner_running() as scanner:
            scanner.answer = "COMMAND READ TIMED OUT"
            assert asked(scanner.url)[:2] == (200, "fault")

    @pytest.mark.django_db
    def test_it_is_silent_and_nobody_waits_for_it_again_and_again(self, asked, client):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            status, said, took = asked(f"tcp://127.0.0.1:{silent.getsockname()[1]}")
            assert (status, said) == (200, "fault") and took < 5
            for _ in range(20):
                assert client.get("/healthz").json()["scanner"] == "fault"
            silent.settimeout(0)
            silent.accept()[0].close()
            with pytest.raises(BlockingIOError):
                silent.accept()

    @pytest.mark.django_db
    def test_it_does_not_hide_that_the_service_is_down(self, asked):
        forget_worker()
        with scanner_running() as scanner:
            assert asked(scanner.url)[:2] == (503, "ok")

    @pytest.mark.django_db
    def test_without_one_it_is_not_mentioned(self, asked):
        assert asked("")[:2] == (200, None)


def test_only_reading_is_allowed(client):
    assert client.post("/healthz").status_code == 405


def _raise(error):
    def fail(*_, **__):
        raise error

    return fail
