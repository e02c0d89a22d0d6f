"""The small commands: `make shell`, `make reset-demo`, `make fmt`, `make lock`."""

import contextlib
import json
import os
import shutil
import subprocess
import sys

from tools import DATA_DIR, ROOT, VENV, prepare, services
from tools.browser import PACKAGE
from tools.console import Trouble, main, run_quietly, step, stop_on_any_signal
from tools.prepare import PYTHON
from tools.run import environment, fill_database, only_one

COMPILE = ["--generate-hashes", "--strip-extras", "--allow-unsafe", "--quiet"]
COMPILE += ["--no-emit-index-url", "--no-emit-find-links", "--no-emit-trusted-host"]


def shell():
    """A Django shell on the data of `make run`: on its servers while it runs, else on our own."""
    environ = environment("127.0.0.1", os.environ.get("PORT") or "8000")
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(only_one())
            urls, _ = stack.enter_context(services.running(DATA_DIR))
        except Trouble:
            if not (DATA_DIR / "running.json").exists():
                raise
            urls = json.loads((DATA_DIR / "running.json").read_text())
        return subprocess.run([PYTHON, ROOT / "manage.py", "shell"], env=environ | urls).returncode


def reset_demo():
    """Empty the private database, the attachments, the mail and the queues, then seed the demo cast."""
    if os.environ.get("DATABASE_URL") or os.environ.get("REDIS_URL"):
        raise Trouble(
            "DATABASE_URL or REDIS_URL is set: reset-demo empties only what `make run` made itself."
        )
    stop_on_any_signal()
    os.umask(0o077)
    with only_one(), services.running(DATA_DIR) as (urls, servers):
        with step("Throwing the data away"):
            for _, server in servers:
                server.empty()
            for name in ("attachments", "mail"):
                shutil.rmtree(DATA_DIR / name, ignore_errors=True)
        fill_database(environment("127.0.0.1", "8000") | urls | {"DEMO": "1"})
    return 0


def fmt():
    for arguments in (["check", "--fix"], ["format"]):
        done = subprocess.run([VENV / "bin" / "ruff", *arguments], cwd=ROOT)
    return done.returncode


def lock():
    """Compile what the .in files and package.json ask; `make lock ARGS=--upgrade` takes the newest."""
    environ = os.environ | {"CUSTOM_COMPILE_COMMAND": "make lock"}
    for name in ("requirements", "requirements-node", "requirements-test"):
        with step(f"{name}.txt"):
            command = [
                VENV / "bin" / "pip-compile",
                *COMPILE,
                "-o",
                f"{name}.txt",
                f"{name}.in",
                *sys.argv[2:],
            ]
            run_quietly(command, f"compiling {name}.txt", env=environ)
    for folder in (ROOT, PACKAGE):
        with step(f"{(folder / 'package-lock.json').relative_to(ROOT)}"):
            command = [*prepare.npm(), "install", "--package-lock-only", "--omit-lockfile-registry-resolved"]
            run_quietly(command, "locking the npm packages", cwd=folder)
    return 0


COMMANDS = {"shell": shell, "reset-demo": reset_demo, "fmt": fmt, "lock": lock}

if __name__ == "__main__":
    sys.exit(main(COMMANDS[sys.argv[1]]))
