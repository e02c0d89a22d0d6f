"""A private PostgreSQL and Redis for a machine that has none.

    with services.running(data_dir) as (urls, servers): ...    # kept in data_dir, safe against power cuts
    with services.running_for_tests() as (urls, servers): ...  # thrown away afterwards, and fast

`urls` is {"DATABASE_URL": …, "DATABASE_OWNER_URL": …, "REDIS_URL": …}. A URL already in the environment is
used as it is, and no server is started for it.
"""

import contextlib
import os
import shutil
import signal
import sys

from tools import console, postgres
from tools.postgres import Postgres
from tools.redis_server import Redis


@contextlib.contextmanager
def running(data_dir, environ=os.environ):
    """Run what the environment does not name, kept in `data_dir`. Yields (urls, [(name, server), …])."""
    log = data_dir / "log"
    log.mkdir(parents=True, exist_ok=True)
    database = Postgres(postgres.kept_in(data_dir), log / "postgres.log")
    with _started(environ, database, Redis(log / "redis.log", data_dir / "redis")) as started:
        yield started


@contextlib.contextmanager
def running_for_tests(environ=os.environ, kept=None):
    """Run what the environment does not name, in a temporary folder that goes with it.

    `kept` is a folder with a cluster to begin with, copied; without, an empty one is made.
    """
    folder = postgres.private_folder(postgres.account())
    try:
        database = Postgres(folder / "data", folder / "postgres.log", throw_away=True)
        if kept:
            database.begin_with(kept)
        with _started(environ, database, Redis(folder / "redis.log")) as started:
            yield started
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _started(environ, database, redis):
    urls, servers = {}, []
    with contextlib.ExitStack() as stack:
        for name, variable, server in (
            ("PostgreSQL", "DATABASE_URL", database),
            ("Redis", "REDIS_URL", redis),
        ):
            if environ.get(variable):
                urls[variable] = environ[variable]
                continue
            stack.callback(server.stop)
            urls |= server.start()
            servers.append((name, server))
        yield urls, servers


if __name__ == "__main__":
    # For a person who wants the two servers alone: `python -m tools.services` prints where they are.
    def _show():
        console.stop_on_any_signal()
        with running_for_tests() as (urls, _):
            print("\n".join(f"export {name}='{value}'" for name, value in urls.items()), flush=True)
            signal.pause()

    sys.exit(console.main(_show))
