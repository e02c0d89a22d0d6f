"""The tests' servers, with every migration in the database already.

A cluster with the migrations in it is kept in DATA_DIR and copied for each run; it is made anew when a
migration changes. Django copies its one database for each test worker: a tenth of a second, not fifteen.
"""

import contextlib
import hashlib
import os
import shutil
import tempfile
import time
from pathlib import Path

from tools import DATA_DIR, ROOT, postgres, prepare, services
from tools.console import run_quietly

KEPT = DATA_DIR / "for-tests"
# What decides on the tables, beside the migrations: what they are written with, and what comes after them.
ALSO = (
    "requirements.txt",
    "people/append_only.py",
    "people/erasing_sql.py",
    "people/personal.py",
    "people/safeguards.py",
    "tools/postgres.py",
)


@contextlib.contextmanager
def running(environ=os.environ):
    """As services.running_for_tests; `urls` hold TEST_DATABASE_TEMPLATE and _LOG where it is ours."""
    if environ.get("DATABASE_URL"):
        with services.running_for_tests(environ) as started:
            yield started
        return
    with services.running_for_tests(environ, kept=_cluster()) as (urls, servers):
        log = next(server.log for name, server in servers if name == "PostgreSQL")
        yield urls | {"TEST_DATABASE_TEMPLATE": postgres.NAME, "TEST_DATABASE_LOG": str(log)}, servers


def _cluster():
    with prepare.alone():
        kept = KEPT / f"cluster-{_fingerprint()[:16]}"
        if not kept.exists():
            for old in KEPT.glob("cluster-*"):
                if old.stat().st_mtime < time.time() - 24 * 60 * 60:  # another run may still be copying it
                    shutil.rmtree(old)
            KEPT.mkdir(parents=True, exist_ok=True)
            _make(kept)
    return kept


def _fingerprint():
    mark = hashlib.sha256()
    for path in sorted(
        [*ROOT.glob("*/migrations/*.py"), *ROOT.glob("*/privacy.py"), *(ROOT / name for name in ALSO)]
    ):
        if path.exists():
            mark.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return mark.hexdigest()


def _make(kept):
    folder = postgres.private_folder(postgres.account())
    try:
        server = postgres.Postgres(folder / "data", folder / "postgres.log", throw_away=True)
        try:
            urls = server.start()
            with tempfile.TemporaryDirectory() as data_dir:
                environ = os.environ | urls | {"DATA_DIR": data_dir, "SECRET_KEY": "for-the-migrations-only"}
                command = [prepare.PYTHON, ROOT / "manage.py", "migrate", "--no-input", "-v", "0"]
                run_quietly(command, "migrating the database for tests", env=environ)
        finally:
            server.stop()
        new = Path(f"{kept}.new")
        shutil.rmtree(new, ignore_errors=True)
        postgres.Postgres(new, folder / "postgres.log").begin_with(folder / "data")
        new.rename(kept)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
