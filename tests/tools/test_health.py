"""/healthz tells a monitor what is wrong, and a stranger nothing more."""

import pytest
from django.core.cache import caches
from django.db import OperationalError, connection
from redis.exceptions import ConnectionError as RedisGone

from config.health import note_worker


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


def test_only_reading_is_allowed(client):
    assert client.post("/healthz").status_code == 405


def _raise(error):
    def fail(*_, **__):
        raise error

    return fail
