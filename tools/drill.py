"""`make drill`: back the service up, restore it beside itself, and compare the two; says how long each took.

The data are those of `make run`, running or not; where there are none, a demonstration is made for it. What
is restored lies in a temporary folder and goes with it. docs/security.md says how to restore for real.
"""

import contextlib
import hashlib
import json
import os
import re
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tools import DATA_DIR, postgres, services
from tools.console import Trouble, main, run_quietly, step, stop_on_any_signal
from tools.prepare import PYTHON
from tools.run import ROOT, environment, fill_database

FILES = ("attachments", "audit-heads", "secret_key", "sealing.p12")
"""What of DATA_DIR is backed up beside the database. The last two are secrets: keep them apart."""

TABLES = """
    SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"""
# The rows of a table, whatever the order that they are stored in.
ROWS = """
    SELECT count(*), md5(coalesce(string_agg(row, '' ORDER BY row), ''))
      FROM (SELECT md5(t::text) AS row FROM {table} t) r"""
LAW = {
    "triggers": """
        SELECT tgrelid::regclass, tgname, tgenabled, pg_get_triggerdef(oid) FROM pg_trigger
         WHERE NOT tgisinternal""",
    "constraints": "SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace",
    "indexes": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "functions": """
        SELECT proname, prosecdef, pg_get_userbyid(proowner), pg_get_functiondef(oid) FROM pg_proc
         WHERE pronamespace = 'public'::regnamespace AND prokind = 'f'""",
    "rights": """
        SELECT table_name, grantee, privilege_type FROM information_schema.role_table_grants
         WHERE table_schema = 'public'""",
    "sequences": "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'",
}

SAID_TWO_WAYS = re.compile(r"::(character varying|text)(\[\])?|[()]")
"""PostgreSQL writes a list of texts with its casts outside when it was made, inside when it was restored."""


@dataclass(frozen=True)
class Found:
    """What one database and its folder hold, to set beside another's."""

    rows: dict
    law: dict
    files: dict


def drill():
    stop_on_any_signal()
    began = time.monotonic()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="progression-drill-")))
        folder.chmod(0o711)
        data_dir, urls = _what_there_is(stack, folder)
        owner = urls["DATABASE_OWNER_URL"]
        backup, restored = folder / "backup", folder / "restored"
        for one in (backup, restored):
            one.mkdir(mode=0o711)
        with step("Backing up: database first, then files"):
            _run("pg_dump", "--format=custom", "--file", backup / "database", owner)
            _copy(data_dir, backup)
        with step("Looking at what was backed up"):
            before = _look(owner, data_dir)
        with step("Restoring into an empty PostgreSQL"):
            server = postgres.Postgres(postgres.kept_in(restored), restored / "postgres.log")
            stack.callback(shutil.rmtree, server.data.parent, ignore_errors=True)
            new = server.start()
            stack.callback(server.stop)
            _run("pg_restore", "--exit-on-error", "--dbname", new["DATABASE_OWNER_URL"], backup / "database")
            _copy(backup, restored)
        with step("Looking at what was restored"):
            after = _look(new["DATABASE_OWNER_URL"], restored)
        with step("Walking the restored audit's chain"):
            environ = os.environ | urls | new | {"DATA_DIR": str(restored)}
            said = run_quietly(
                [PYTHON, ROOT / "manage.py", "verify_audit"], "checking the audit", env=environ
            )
    faults = list(_differences(before, after))
    print(
        f"\n{len(before.rows)} tables with {sum(count for count, _ in before.rows.values()):,} rows, "
        f"{len(before.files):,} files, "
        + ", ".join(f"{len(rows):,} {name}" for name, rows in before.law.items())
        + f".\nAudit: {said.strip().splitlines()[-1]}"
    )
    print(*faults, sep="\n")
    print(f"{'Not the same' if faults else 'All the same'}, in {time.monotonic() - began:.0f} s.")
    return 1 if faults else 0


def _what_there_is(stack, folder):
    """(the data folder, the addresses) of `make run`'s data, or of a demonstration made for this."""
    if (DATA_DIR / "running.json").exists():
        return DATA_DIR, json.loads((DATA_DIR / "running.json").read_text())
    there = postgres.kept_in(DATA_DIR).exists() or "DATABASE_OWNER_URL" in os.environ
    data_dir = DATA_DIR if there else folder / "demonstration"
    data_dir.mkdir(mode=0o711, exist_ok=True)
    with step("PostgreSQL and Redis"):
        urls, _ = stack.enter_context(services.running(data_dir))
    if "DATABASE_OWNER_URL" not in urls and "DATABASE_OWNER_URL" not in os.environ:
        raise Trouble("Give DATABASE_OWNER_URL as well as DATABASE_URL: a backup is the owner's to make.")
    urls = {"DATABASE_OWNER_URL": os.environ.get("DATABASE_OWNER_URL", "")} | urls
    if not there:
        shutil.copy(DATA_DIR / "secret_key", data_dir)
        demonstration = environment("127.0.0.1", "8000") | urls
        fill_database(demonstration | {"DEMO": "1", "DATA_DIR": str(data_dir)})
    return data_dir, urls


def _run(program, *arguments):
    """One of PostgreSQL's programs. It speaks to the server by its address and writes what we may read."""
    command = [postgres.PGINSTALL / "bin" / program, *arguments]
    run_quietly(command, f"running {program}", env=os.environ)


def _copy(source, target):
    for name in FILES:
        if (source / name).is_dir():
            shutil.copytree(source / name, target / name)
        elif (source / name).exists():
            shutil.copy(source / name, target / name)


def _look(url, folder):
    import psycopg2

    connection = psycopg2.connect(url)
    try:
        cursor = connection.cursor()
        cursor.execute("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute(TABLES)
        rows = {}
        for (table,) in cursor.fetchall():
            cursor.execute(ROWS.format(table=table))
            rows[table] = cursor.fetchone()
        law = {}
        for name, question in LAW.items():
            cursor.execute(question)
            law[name] = {tuple(SAID_TWO_WAYS.sub("", str(word)) for word in row) for row in cursor.fetchall()}
    finally:
        connection.close()
    return Found(rows, law, files_in(folder))


def files_in(folder):
    """The SHA-256 of each attachment in a data folder, by its name."""
    kept = folder / "attachments"
    return {
        str(path.relative_to(kept)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in kept.rglob("*")
        if path.is_file()
    }


def _differences(before, after):
    """A sentence for each thing that is not the same in both."""
    for name in sorted(before.rows.keys() | after.rows.keys()):
        if before.rows.get(name) != after.rows.get(name):
            yield f"Table {name}: {before.rows.get(name)} before, {after.rows.get(name)} restored"
    for name, rows in before.law.items():
        for row in sorted(rows ^ after.law[name]):
            where = "before" if row in rows else "restored"
            yield f"{name.capitalize()}, only {where}: {' '.join(row)[:160]}"
    for name in sorted(before.files.keys() | after.files.keys()):
        if before.files.get(name) != after.files.get(name):
            yield f"File {name} is not the same"


if __name__ == "__main__":
    sys.exit(main(drill))
