"""pytest's own PostgreSQL, Redis and data folder, started before Django reads its settings.

`-p tools.pytest_services` in pyproject.toml loads it. A DATABASE_URL or REDIS_URL given outside is used
instead. Each xdist worker has its own test database (pytest-django sees to that), Redis database number and
DATA_DIR.
"""

import contextlib
import os
import shutil
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from tools import DATA_DIR, ROOT, prepare, static_files, test_database
from tools.console import Trouble, run_quietly

COLLECTED = DATA_DIR / "for-tests"
NOT_FOR_TESTS = (
    "DEBUG",
    "DEMO",
    "SITE_URL",
    "ALLOWED_HOSTS",
    "EMAIL_HOST",
    "EMAIL_FROM",
    "PORT",
    "HOST",
    "CLAMD_URL",
    "ATTACHMENTS_URL",
    "OIDC_ISSUER",
)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config):
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker:
        _take_a_share(int(worker.removeprefix("gw")))
    else:
        _start(early_config)
    return (yield)


def _start(config):
    stack = contextlib.ExitStack()
    config.add_cleanup(stack.close)
    for name in NOT_FOR_TESTS:
        os.environ.pop(name, None)
    os.environ["SECRET_KEY"] = "for-tests-only-" + "0123456789abcdef" * 4
    try:
        urls, _ = stack.enter_context(test_database.running())
        os.environ.update(urls)
        collected = collect_static_files()
    except Trouble as trouble:
        raise pytest.UsageError(str(trouble)) from None
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="progression-data-")))
    os.environ |= {"DATA_DIR": str(folder), "SET_UP_DIR": str(DATA_DIR)}
    os.environ["SEALING_KEY"] = str(collected / "sealing.p12")
    for name in ("frontend", "static"):
        (folder / name).symlink_to(collected / name)


def collect_static_files():
    """The folder with what tests may link to: one for each state of the files, as runs may overlap."""
    with prepare.alone():
        prepare.design_systems()
        folder = COLLECTED / static_files.fingerprint(DATA_DIR / "frontend")[:16]
        for old in COLLECTED.glob("*"):
            if old != folder and old.stat().st_mtime < time.time() - 24 * 60 * 60:
                shutil.rmtree(old)
        if not folder.exists():
            folder.mkdir(parents=True)
            (folder / "frontend").symlink_to(DATA_DIR / "frontend")
        static_files.collect(folder, os.environ)
        command = [prepare.PYTHON, ROOT / "manage.py", "make_sealing_key"]
        run_quietly(command, "making the key for the seal", env=os.environ | {"DATA_DIR": str(folder)})
    return folder


def _take_a_share(number):
    """Give an xdist worker its own Redis database and folder, side by side with the others'."""
    parts = urlsplit(os.environ["REDIS_URL"])
    os.environ["REDIS_URL"] = urlunsplit(parts._replace(path=f"/{number + 1}"))
    shared = Path(os.environ["DATA_DIR"])
    own = shared / f"worker-{number}"
    own.mkdir()
    os.environ["DATA_DIR"] = str(own)
    for name in ("frontend", "static"):
        (own / name).symlink_to((shared / name).resolve())


def pytest_configure():
    """Copy the migrated database, and ask it as the application would."""
    from django.conf import settings
    from django.db import connections

    connections.settings["default"]["TEST"]["TEMPLATE"] = os.environ.get("TEST_DATABASE_TEMPLATE")
    settings.MIDDLEWARE.insert(0, "tests.as_application.AsApplication")


@pytest.fixture(autouse=True)
def _nothing_cached():
    """Each test starts with an empty cache. Celery's queues in the same Redis stay."""
    from django.core.cache import caches

    cache = caches["redis"]
    client = cache._cache.get_client()
    for key in client.scan_iter(cache.make_key("*"), count=1000):
        client.delete(key)
