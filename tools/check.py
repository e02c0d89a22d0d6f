"""`make test`: every check and test, on its own PostgreSQL and Redis; with arguments, that part of pytest."""

import os
import secrets
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from tools import ROOT, VENV, test_database
from tools.console import main, step, stop_on_any_signal

BIN = VENV / "bin"
MANAGE = [BIN / "python", ROOT / "manage.py"]
# A deployment as docs/deployment.md describes it, for `check --deploy`.
PACKAGES = ("config", "reviews", "payroll", "progression", "portfolios", "competencies", "people")
DEPLOYED = {"SITE_URL": "https://progression.council.example", "DEBUG": "", "DEMO": ""}


def of_files(environ):
    """(name, command, environment) of each check that reads nothing but our files."""
    return [
        ("Lint", [BIN / "ruff", "check", "--quiet", "--output-format", "concise"], environ),
        ("Layout", [BIN / "ruff", "format", "--check", "--quiet"], environ),
        (
            "Bandit",
            [BIN / "bandit", "--quiet", "-c", "pyproject.toml", "-r", *PACKAGES, "tools", "manage.py"],
            environ,
        ),
        ("Known vulnerabilities", [BIN / "python", "-m", "tools.vulnerabilities"], environ),
        ("Import order", [BIN / "lint-imports", "--no-cache"], environ),
    ]


def of_django(environ):
    """The same of each check that Django makes."""
    deployed = environ | DEPLOYED | {"SECRET_KEY": secrets.token_urlsafe(64)}
    deployed.pop("ALLOWED_HOSTS", None)
    return [
        ("Migrations", [*MANAGE, "makemigrations", "--check", "--dry-run"], environ),
        ("Deployment", [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"], deployed),
    ]


def check():
    stop_on_any_signal()
    arguments = sys.argv[1:]
    began = time.monotonic()
    # Or every worker and every process that a test starts would compile all of ours anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    # Beside what keeps one core busy: making the database, the start of pytest, and then the tests.
    with ThreadPoolExecutor(1) as beside:

        def begun(checks):
            return [] if arguments else [(name, beside.submit(run, *how)) for name, *how in checks]

        looked = begun(of_files(os.environ))
        with step("PostgreSQL and Redis"):
            servers = test_database.running()
            urls, _ = servers.__enter__()
        try:
            environ = os.environ | urls
            looked += begun(of_django(environ))
            # Two cores are what CI has; a browser, a worker and PostgreSQL run beside the tests.
            workers = str(min(4, max(2, os.cpu_count() or 2)))
            pytest = [BIN / "python", "-m", "pytest", "-n", workers, "--dist", "worksteal"]
            tested = subprocess.run([*pytest, *arguments], env=environ, cwd=ROOT)
            failed = [name for name, one in looked if not passed(name, one.result())]
            failed += ["Tests"] if tested.returncode else []
        finally:
            servers.__exit__(None, None, None)
    print(
        f"\n{'Failed: ' + ', '.join(failed) if failed else 'All passed'} in {time.monotonic() - began:.0f} s."
    )
    return 1 if failed else 0


def run(command, env):
    return subprocess.run(
        command, env=env, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def passed(name, done):
    """Whether the check found nothing. Shows what it said only where it did."""
    print(f"  {name}: {'passed' if not done.returncode else 'failed'}")
    if done.returncode:
        print(f"{done.stdout.rstrip()}\n")
    return not done.returncode


if __name__ == "__main__":
    sys.exit(main(check))
