"""/healthz: whether the database, Redis, a worker and the virus scanner answer. It says which, not why."""

import logging

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import caches
from django.db import Error, connection
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from portfolios import scanning

WORKER_SEEN = "worker-seen"
# A worker beats every two seconds. Asking it directly would hold a web process for as long as it is silent.
WORKER_MISSED_AFTER = 10
SCANNER_ANSWERS = "scanner-answers"
# Nobody holds up web processes by asking often while the scanner is silent.
SCANNER_ASKED_EVERY = 5

log = logging.getLogger(__name__)


@require_safe
@never_cache
@login_not_required
def healthz(request):
    """200 when these three answer, else 503: {"database": "ok", "redis": "ok", "worker": "fault"}.

    Where CLAMD_URL is set, "scanner" says whether that answers, and changes nothing of the status: the
    service is up without it, and files that arrive meanwhile wait unread until it is back.
    """
    redis_answers, worker_seen = _redis_and_worker()
    found = {"database": _database_answers(), "redis": redis_answers, "worker": worker_seen}
    status = 200 if all(found.values()) else 503
    if settings.CLAMD_URL:
        found["scanner"] = _scanner_answers()
    body = {name: "ok" if answers else "fault" for name, answers in found.items()}
    return JsonResponse(body, status=status)


def note_worker(**_):
    """A worker is alive. Connected to its heartbeat in config/celery.py."""
    try:
        caches["redis"].set(WORKER_SEEN, True, WORKER_MISSED_AFTER)
    except RedisError:
        log.warning("The worker could not say that it is alive")


def forget_worker(**_):
    """A worker stops. Connected to its shutdown; others are noted again within two seconds."""
    try:
        caches["redis"].delete(WORKER_SEEN)
    except RedisError:
        log.warning("The worker could not say that it stops")


def _database_answers():
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return True
    except Error:
        return False


def _redis_and_worker():
    try:
        return True, caches["redis"].get(WORKER_SEEN, False)
    except RedisError:
        return False, False


def _scanner_answers():
    try:
        return caches["redis"].get_or_set(SCANNER_ANSWERS, scanning.answers, SCANNER_ASKED_EVERY)
    except RedisError:
        return scanning.answers()
