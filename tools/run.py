"""`make run`: the whole service on this machine, until ctrl-C.

PostgreSQL, Redis, migrations, schemes and demo data, then the web server, a Celery worker and Celery beat.
A web server, worker or beat that ends by itself is started again; when PostgreSQL or Redis ends, or one of
the three keeps ending, all of it ends, in the opposite order. Also offers the parts to `make bench`.
"""

import contextlib
import errno
import fcntl
import http.client
import json
import os
import socket
import sys
import time
from urllib.parse import urlsplit

from tools import DATA_DIR, ROOT, processes, services, static_files
from tools.console import Trouble, main, run_quietly, step, stop_on_any_signal
from tools.prepare import PYTHON

EVERYWHERE = ("0.0.0.0", "::")  # nosec B104 - what somebody asks for by HOST
PASSWORD = "progression"
DEMO_SIGN_INS = (
    ("worker1@demo.example", "social worker"),
    ("manager1@demo.example", "team manager"),
    ("service@demo.example", "service manager"),
    ("head@demo.example", "head of service"),
    ("payroll@demo.example", "HR and payroll"),
    ("psw@demo.example", "principal social worker"),
    ("admin@demo.example", "administrator"),
)


def web_command(host, port, application="config.wsgi"):
    """Gunicorn as everybody runs it here: two workers of four threads."""
    command = [PYTHON, "-m", "gunicorn", application, "--bind", f"{host}:{port}", "--workers", "2"]
    command += ["--worker-class", "gthread", "--threads", "4", "--preload", "--timeout", "60"]
    return command + ["--graceful-timeout", "10", "--log-level", "warning", "--no-control-socket"]


def worker_command():
    # Root is who runs a container; Celery's advice against it is for pickled messages, and ours are JSON.
    quiet = ["-W", "ignore:You're running the worker:UserWarning"]
    command = [PYTHON, *quiet, "-m", "celery", "--quiet", "-A", "config", "worker", "--concurrency", "2"]
    return command + ["--loglevel", "WARNING", "--without-gossip", "--without-mingle"]


def beat_command():
    return [
        PYTHON,
        "-m",
        "celery",
        "--quiet",
        "-A",
        "config",
        "beat",
        "--loglevel",
        "WARNING",
        "--pidfile",
        "",
    ]


def manage(environ, *arguments, doing):
    """Run one of Django's commands; returns what it printed. Raises Trouble."""
    return run_quietly([PYTHON, ROOT / "manage.py", *arguments], doing, env=environ)


def address():
    """(host, port) to listen on. Raises Trouble when they cannot be had."""
    host, port = os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8000"
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise Trouble(f"PORT is {port}: give a number from 1 to 65535.")
    try:
        socket.create_server((host, int(port))).close()
    except PermissionError:
        raise Trouble(f"Port {port} is only for root: choose another with PORT=8080 make run.") from None
    except OSError as error:
        if isinstance(error, socket.gaierror) or error.errno != errno.EADDRINUSE:
            why = error.strerror if isinstance(error, socket.gaierror) else os.strerror(error.errno)
            raise Trouble(f"This machine cannot listen on {host} port {port}: {why}.") from None
        raise Trouble(
            f"Port {port} is in use: stop what uses it, or choose another with PORT=8001 make run."
        ) from None
    return host, int(port)


def environment(host, port):
    """What every process gets: what is given, and without that a demonstration on this machine."""
    site = os.environ.get("SITE_URL") or f"http://localhost:{port}"
    hosts = [urlsplit(site).hostname or "localhost", "localhost", "127.0.0.1"]
    hosts += [host] if host not in EVERYWHERE else []
    defaults = {"DEMO": "1", "ALLOWED_HOSTS": ",".join(dict.fromkeys(hosts))}
    return defaults | os.environ | {"SITE_URL": site, "DATA_DIR": str(DATA_DIR), "PYTHONUNBUFFERED": "1"}


@contextlib.contextmanager
def only_one():
    """Hold DATA_DIR for this process. Raises Trouble when another holds it."""
    with (DATA_DIR / "run.lock").open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Trouble(
                f"The service is already running on {DATA_DIR}: stop it, or give another DATA_DIR."
            ) from None
        yield


def fill_database(environ):
    """Migrations, schemes, and the demo cast where nobody has an account yet."""
    with step("Migrations"):
        owner = environ | {"DATABASE_URL": environ.get("DATABASE_OWNER_URL", environ["DATABASE_URL"])}
        manage(owner, "migrate", "--no-input", "-v", "0", doing="migrating the database")
    with step("Key for the seal on PDFs"):
        manage(environ, "make_sealing_key", doing="making the key for the seal on PDFs")
    with step("Schemes"):
        manage(environ, "load_schemes", doing="loading the schemes")
    with step("Bank holidays"):
        manage(environ, "load_bank_holidays", doing="loading the bank holidays")
    if environ.get("DEMO", "").lower() in {"1", "true", "yes", "on"} and not _anybody(
        environ["DATABASE_URL"]
    ):
        with step("Demo data, this once"):
            manage(environ, "seed_demo", doing="seeding the demo data")


def _anybody(database_url):
    import psycopg2

    connection = psycopg2.connect(database_url)
    try:
        cursor = connection.cursor()
        cursor.execute("SELECT EXISTS (SELECT FROM people_user)")
        return cursor.fetchone()[0]
    finally:
        connection.close()


def run():
    stop_on_any_signal()
    os.umask(0o077)  # attachments, mail and logs are for this user only
    with contextlib.ExitStack() as stack:
        stack.enter_context(only_one())
        host, port = address()
        environ = environment(host, port)
        with step("PostgreSQL and Redis"):
            urls, servers = stack.enter_context(services.running(DATA_DIR))
        environ |= urls
        fill_database(environ)
        with step("Static files"):
            static_files.collect(DATA_DIR, environ)
        supervisor = processes.Supervisor()
        stack.callback(supervisor.stop)
        with step("Web server, worker and beat"):
            supervisor.listen()
            for name, command in (
                ("web", web_command(host, port)),
                ("worker", worker_command()),
                ("beat", beat_command()),
            ):
                supervisor.add(name, command, environ)
            _wait_until_healthy(supervisor, host, port, environ["SITE_URL"])
        stack.enter_context(_findable(urls))
        supervisor.speak()
        if not supervisor.stopping:
            _welcome(environ)
        ended = supervisor.wait([(name, server.process) for name, server in servers])
        processes.say("\nStopping…")
    if ended:
        raise Trouble(
            f"{ended} ended by itself, so everything was stopped: see above and {DATA_DIR / 'log'}."
        )
    elsewhere = DATA_DIR / "postgres.where"
    also = f", and the database in {elsewhere.read_text().strip()}" if elsewhere.exists() else ""
    processes.say(f"All stopped. The data stays in {DATA_DIR}{also}.")
    return 0


@contextlib.contextmanager
def _findable(urls):
    """Let `make shell` find the servers of this run."""
    note = DATA_DIR / "running.json"
    note.write_text(json.dumps(urls))
    try:
        yield
    finally:
        note.unlink(missing_ok=True)


def _wait_until_healthy(supervisor, host, port, site):
    deadline = time.monotonic() + 60
    answer = "no answer"
    while time.monotonic() < deadline:
        if supervisor.stopping:
            return
        if ended := supervisor.ended():
            time.sleep(0.5)  # its last words are still on their way
            print("", flush=True)
            supervisor.speak(of_the_start=True)
            raise Trouble(f"{ended} did not start: its words are above.")
        with contextlib.suppress(OSError, http.client.HTTPException):
            status, answer = ask_health(host, port, site)
            if status == 200:
                return
        time.sleep(0.1)
    supervisor.speak(of_the_start=True)
    raise Trouble(f"The service was not healthy within a minute; /healthz says: {answer}.")


def ask_health(host, port, site):
    """(status, body) of /healthz, asked as the proxy in front of `site` would."""
    connection = http.client.HTTPConnection("127.0.0.1" if host in EVERYWHERE else host, port, timeout=5)
    try:
        parts = urlsplit(site)
        connection.request(
            "GET", "/healthz", headers={"Host": parts.netloc, "X-Forwarded-Proto": parts.scheme}
        )
        response = connection.getresponse()
        return response.status, response.read().decode(errors="replace")[:200]
    finally:
        connection.close()


def _welcome(environ):
    print(f"\nOpen {environ['SITE_URL']}")
    if environ["DEMO"]:
        print(f"Sign in with the password {PASSWORD} as any of:")
        for email, role in DEMO_SIGN_INS:
            print(f"  {email:<24}{role}")
    print("Stop with ctrl-C.\n", flush=True)


if __name__ == "__main__":
    sys.exit(main(run))
