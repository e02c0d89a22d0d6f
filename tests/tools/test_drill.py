"""What the drill sees when what was restored is not what was backed up."""

import subprocess
from urllib.parse import quote

import psycopg2
import pytest
from django.db import connection

from people.models import User
from tools import drill, postgres


@pytest.fixture
def restored(transactional_db, tmp_path):
    """(the address of this test's database, that of another restored from its backup)"""
    User.objects.create(email="ann@example.test", name="Ann", role="social_worker")
    settings = connection.settings_dict
    host = quote(connection.get_connection_params().get("host") or settings["HOST"], safe="")
    server = f"postgresql://{settings['USER']}@{host}"
    ours, other = f"{server}/{settings['NAME']}", f"{settings['NAME']}_restored"
    outside = psycopg2.connect(f"{server}/postgres")
    outside.autocommit = True
    try:
        outside.cursor().execute(f"CREATE DATABASE {other}")
        programs = postgres.PGINSTALL / "bin"
        subprocess.run([programs / "pg_dump", "-Fc", "-f", tmp_path / "database", ours], check=True)
        subprocess.run(
            [programs / "pg_restore", "--exit-on-error", "-d", f"{server}/{other}", tmp_path / "database"],
            check=True,
        )
        yield ours, f"{server}/{other}"
        outside.cursor().execute(f"DROP DATABASE {other} WITH (FORCE)")
    finally:
        outside.close()


def faults(restored, folder):
    return list(drill._differences(*(drill._look(url, folder) for url in restored)))


CHANGES = {
    "Table people_user": "UPDATE people_user SET name = 'Anne'",
    "Triggers": "ALTER TABLE progression_event DISABLE TRIGGER progression_event_no_change",
    "Constraints": "ALTER TABLE people_user DROP CONSTRAINT user_role_known",
    "Functions": "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql"
    " AS 'BEGIN RETURN NEW; END'",
    "Rights": "GRANT UPDATE ON people_auditentry TO progression",
    "Indexes": "DROP INDEX audit_by_day",
}


def test_what_was_restored_is_the_same_and_each_change_to_it_is_named(restored, tmp_path):
    assert faults(restored, tmp_path) == []
    altered = psycopg2.connect(restored[1])
    altered.autocommit = True
    for said, change in CHANGES.items():
        altered.cursor().execute(change)
        assert any(fault.startswith(said) for fault in faults(restored, tmp_path)), said
    altered.close()


def test_a_file_that_is_missing_or_another_is_named(tmp_path):
    for place, content in (("before", b"a"), ("after", b"b")):
        kept = tmp_path / place / "attachments" / "aa"
        kept.mkdir(parents=True)
        (kept / "aa1").write_bytes(content)
    (tmp_path / "before" / "attachments" / "aa" / "aa2").write_bytes(b"only here")
    looked = [drill.Found({}, {}, drill.files_in(tmp_path / place)) for place in ("before", "after")]
    assert list(drill._differences(*looked)) == ["File aa/aa1 is not the same", "File aa/aa2 is not the same"]
