"""Fixtures for tests that need a real browser or a real Celery worker.

`live_server` serves static files as production does: WhiteNoise, under their hashed names.
`page` is a fresh page there; `new_page(**context_options)` makes more, say `java_script_enabled=False`.
Both fail the test for every console error, script error and failed request; a test that expects one
empties `page_faults`.
`celery_worker_process` is a real worker on this test run's database and Redis.
"""

import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from tools import ROOT, processes
from tools import browser as installed_browser


@pytest.fixture(scope="session")
def browser():
    """One headless Chromium for all tests of this process."""
    from playwright.sync_api import sync_playwright

    # Playwright's synchronous face keeps an event loop in this thread; Django would refuse the ORM beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(**installed_browser.launch_options())
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def live_server(django_db_setup):
    """Django behind a real socket, static files by WhiteNoise. Brings `transactional_db` with it.

    It stops before the test database goes, of which its threads hold connections.
    """
    from django.core.handlers.wsgi import WSGIHandler
    from pytest_django.live_server_helper import LiveServer

    server = LiveServer("localhost", start=False)
    # Django's own handler would look static files up by their unhashed names, and so find none.
    server.thread.static_handler = lambda _application: WSGIHandler()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def page_faults():
    """What went wrong on any page since the test began, one line each."""
    return []


@pytest.fixture
def new_page(live_server, browser, page_faults):
    """A function that opens a page in a context of its own: fresh cookies, and the options given."""
    contexts = []

    def open_page(**options):
        options = {"base_url": live_server.url, "locale": "en-GB", "timezone_id": "Europe/London"} | options
        context = browser.new_context(**options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        context.on("console", lambda message: _note_console(message, page_faults))
        context.on("weberror", lambda error: page_faults.append(f"script error: {error.error}"))
        context.on("requestfailed", lambda request: _note_failure(request, page_faults))
        context.on("response", lambda response: _note_answer(response, page_faults))
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert not page_faults


@pytest.fixture
def page(new_page):
    """A fresh page, signed in as nobody."""
    return new_page()


def _note_console(message, faults):
    if message.type == "error":
        faults.append(f"console: {message.text}")


def _note_failure(request, faults):
    if request.failure != "net::ERR_ABORTED":  # a download, or a page left before it had loaded
        faults.append(f"{request.method} {request.url}: {request.failure}")


def _note_answer(response, faults):
    if response.status >= 400:
        faults.append(f"{response.request.method} {response.url}: {response.status}")


@pytest.fixture
def celery_worker_process(transactional_db):
    """A running `celery -A config worker` on this run's database and Redis.

    It ends with the test, before the database is emptied: no other test finds its work done by somebody else.
    """
    from django.conf import settings

    from config.celery import app

    parts = urlsplit(os.environ["DATABASE_URL"])
    database = urlunsplit(parts._replace(path=f"/{settings.DATABASES['default']['NAME']}"))
    environ = os.environ | {"DATABASE_URL": database}
    log = Path(os.environ["DATA_DIR"]) / "worker.log"
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "config",
        "worker",
        "--concurrency",
        "1",
        "--loglevel",
        "INFO",
    ]
    with log.open("wb") as said:
        process = processes.start(command, env=environ, cwd=ROOT, stdout=said, stderr=subprocess.STDOUT)
    deadline = time.monotonic() + 60
    while not app.control.ping(timeout=0.3, limit=1):
        if process.poll() is not None or time.monotonic() > deadline:
            processes.stop(process)
            pytest.fail(f"The Celery worker did not start:\n{log.read_text()[-3000:]}")
    yield process
    processes.stop(process)
