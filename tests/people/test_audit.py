"""The audit: a row for each change, written by PostgreSQL in its transaction; chained; changed by nobody."""

import datetime
import threading

import psycopg2
import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from people import acting, audit, audit_chain, safeguards
from people.models import AuditEntry, Service, User
from people.roles import Role

pytestmark = pytest.mark.django_db
ROLE = settings.DATABASE_ROLE


def person(email="ann@example.test", name="Ann"):
    return User.objects.create(email=email, name=name, role=Role.SOCIAL_WORKER)


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def chained():
    """Put what this test has done into the chain, as the end of its transaction would."""
    sql("SET CONSTRAINTS ALL IMMEDIATE")


def tampered(statement, *values):
    """Change the audit as somebody could who owns the database and switches its triggers off."""
    sql("SET LOCAL session_replication_role = replica")
    for name in ("no_delete", "no_truncate", "fixed"):
        sql(f"ALTER TABLE people_auditentry DISABLE TRIGGER people_auditentry_{name}")
    sql(statement, *values)


class TestRows:
    def test_a_change_has_its_row_with_columns_and_no_values(self):
        user = person(name="Nobody May Read This")
        entry = AuditEntry.objects.first()
        assert (entry.kind, entry.thing, entry.things) == ("insert", "people_user", [str(user.pk)])
        assert (entry.people, entry.through, entry.count) == ([user.pk], "tests", 1)
        user.name = "Nor This"
        user.save()
        entry = AuditEntry.objects.first()
        assert (entry.kind, entry.fields) == ("update", ["name"])
        sql("SELECT string_agg(e::text, ' ') FROM people_auditentry e")
        with connection.cursor() as cursor:
            cursor.execute("SELECT string_agg(e::text, ' ') FROM people_auditentry e")
            assert "Nor This" not in cursor.fetchone()[0]

    def test_a_save_that_changes_nothing_is_no_change(self):
        user = person()
        before = AuditEntry.objects.count()
        user.save()
        assert AuditEntry.objects.count() == before

    def test_a_row_that_is_given_another_number_has_its_entry_under_both(self):
        """Else a change would be seen by nobody that changes the number, too."""
        service = Service.objects.create(council="C", name="S")
        sql("UPDATE people_service SET id = id + 1000000, name = 'T' WHERE id = %s", service.pk)
        entry = AuditEntry.objects.first()
        assert (entry.kind, entry.thing, "name" in entry.fields) == ("update", "people_service", True)
        assert set(entry.things) == {str(service.pk), str(service.pk + 1_000_000)}

    def test_many_rows_of_one_statement_are_one_entry(self):
        Service.objects.bulk_create([Service(council="C", name=f"S{n}") for n in range(120)])
        entry = AuditEntry.objects.first()
        assert (entry.count, len(entry.things)) == (120, safeguards.MOST)

    def test_an_act_undone_leaves_no_row(self):
        before = AuditEntry.objects.count()
        with pytest.raises(RuntimeError), transaction.atomic():
            person()
            raise RuntimeError
        assert AuditEntry.objects.count() == before

    def test_the_time_is_postgresqls_own(self):
        AuditEntry.objects.create(kind="read", count=1, at=datetime.datetime(2001, 1, 1, tzinfo=datetime.UTC))
        assert AuditEntry.objects.first().at.year > 2001

    def test_who_acts_cannot_be_written_by_hand(self):
        AuditEntry.objects.create(kind="read", count=1, actor=77, through="somebody else", number=1, hash="x")
        entry = AuditEntry.objects.first()
        assert (entry.actor, entry.through, entry.number, entry.hash) == (None, "tests", None, "")

    def test_a_task_acts_under_its_name(self):
        with acting.acting(acting.Acting("task people.tasks.prune")):
            person()
        assert AuditEntry.objects.first().through == "task people.tasks.prune"

    def test_nothing_said_can_break_out_of_the_statement(self):
        with acting.acting(acting.Acting("page'; DROP TABLE people_user; --|%s\\")):
            person()
        assert AuditEntry.objects.first().through == "page DROP TABLE people_user --s"


class TestNoAuditNoAction:
    def test_a_change_that_says_nothing_of_who_acts_is_refused(self, monkeypatch):
        monkeypatch.setattr(acting, "otherwise", None)
        sql(f"SET LOCAL ROLE {ROLE}")
        sql("SELECT set_config('progression.acting', '', true)")
        with pytest.raises(DatabaseError, match="no audit, no action"), transaction.atomic():
            person()
        assert not User.objects.exists()

    def test_the_owner_s_own_hand_is_noted_as_that(self, monkeypatch):
        monkeypatch.setattr(acting, "otherwise", None)
        sql("SELECT set_config('progression.acting', '', true)")
        person()
        assert AuditEntry.objects.first().through == "by hand, as progression_owner"

    def test_without_room_for_the_row_there_is_no_change(self):
        sql("ALTER TABLE people_auditentry ADD CONSTRAINT full_up CHECK (id < 0) NOT VALID")
        with pytest.raises(DatabaseError), transaction.atomic():
            person()
        assert not User.objects.exists()


class TestEveryTable:
    def test_has_its_triggers_or_its_reason(self):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT c.relname,"
                " count(t.oid) FILTER (WHERE t.tgname LIKE '%\\_audit\\_%' AND t.tgenabled = 'A')"
                " FROM pg_class c LEFT JOIN pg_trigger t ON t.tgrelid = c.oid"
                " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace GROUP BY 1"
            )
            tables = dict(cursor.fetchall())
        without = {name for name, triggers in tables.items() if triggers != 3}
        assert without == set(safeguards.NOT_AUDITED)

    def test_is_read_and_written_by_the_application_as_far_as_it_may(self):
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT array_agg(tgname::text) FROM pg_trigger WHERE tgrelid = %s::regclass",
                    [table],
                )
                triggers = cursor.fetchone()[0] or []
                rights = {}
                for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "TRIGGER"):
                    cursor.execute("SELECT has_table_privilege(%s, %s, %s)", [ROLE, table, right])
                    rights[right] = cursor.fetchone()[0]
            wholly = f"{table}_no_change" in triggers or table == "people_auditentry"
            assert rights == {
                "SELECT": True,
                "INSERT": table != "people_erasure",  # only the function that erases writes it
                "UPDATE": not wholly,
                "DELETE": not wholly and f"{table}_no_delete" not in triggers,
                "TRUNCATE": False,
                "TRIGGER": False,
            }, table


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE people_auditentry SET words = 'x'",
        "DELETE FROM people_auditentry",
        "TRUNCATE people_auditentry",
        "TRUNCATE people_user CASCADE",
        "ALTER TABLE people_auditentry DISABLE TRIGGER ALL",
        "ALTER TABLE people_user DISABLE TRIGGER people_user_audit_update",
        "SET session_replication_role = replica",
        "DROP TABLE people_auditentry CASCADE",
        "INSERT INTO progression_allowed_move SELECT * FROM progression_allowed_move",
        "UPDATE progression_event SET verb = 'x'",
        "DELETE FROM progression_event",
        "DROP TRIGGER people_user_audit_update ON people_user",
        "ALTER TABLE people_auditentry ADD COLUMN x int",
        "CREATE OR REPLACE FUNCTION audit_chain() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
        "CREATE TABLE people_other (id int)",
        "CREATE TEMPORARY TABLE people_auditentry (LIKE public.people_auditentry INCLUDING ALL)",
        "CREATE FUNCTION pg_temp.audit_chain() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
        "SELECT erase_person(1, 'years')",
        "SET ROLE progression_owner",
        "SET ROLE postgres",
    ],
)
def test_the_application_cannot(statement):
    """Signed in as itself, as it is in a deployment; a rule could not be got round by leaving a role."""
    person()
    chained()
    name = connection.settings_dict["NAME"]
    url = {**connection.get_connection_params(), "dbname": name, "user": ROLE}
    url.pop("cursor_factory", None)
    outside = psycopg2.connect(host=url["host"], dbname=name, user=ROLE)
    try:
        with pytest.raises(psycopg2.Error), outside.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
            cursor.execute(statement)
    finally:
        outside.close()


class TestTemporaryTables:
    """A session's own table comes before ours of the same name, unless a function says where it looks."""

    def shadow(self, table):
        sql(f"CREATE TEMPORARY TABLE {table} (LIKE public.{table} INCLUDING ALL) ON COMMIT DROP")  # noqa: S608

    def test_do_not_take_the_audit_s_entries(self):
        self.shadow("people_auditentry")
        user = person()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM public.people_auditentry WHERE people @> ARRAY[%s::bigint]", [user.pk]
            )
            assert cursor.fetchone()[0] == 1

    def test_do_not_pass_for_postgresql_s_own_when_a_guard_asks_who_owns_a_table(self):
        """With these a role could call itself the owner who erases, and change what is written once."""
        oid = "(SELECT 'public.people_user'::regclass::oid)"
        sql(f"SET LOCAL ROLE {ROLE}")
        sql("SELECT set_config('progression.erasing', 'yes', true)")
        sql("RESET ROLE")
        called = "SELECT 1::oid AS oid, %s::name AS rolname"
        sql(f"CREATE TEMPORARY TABLE pg_roles ON COMMIT DROP AS {called}", ROLE)
        sql(
            f"CREATE TEMPORARY TABLE pg_class ON COMMIT DROP AS SELECT {oid} AS oid,"  # noqa: S608
            " 'people_user'::name AS relname, 1::oid AS relowner"
        )
        sql(f"GRANT SELECT ON pg_temp.pg_class, pg_temp.pg_roles TO {ROLE}")
        sql(f"SET LOCAL ROLE {ROLE}")
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT erasing_now({oid})")  # noqa: S608
            assert cursor.fetchone()[0] is False

    def test_are_looked_at_by_no_function_of_ours(self):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT array_agg(proname::text) FROM pg_proc"
                " WHERE pronamespace = 'public'::regnamespace AND prosqlbody IS NULL"
                " AND NOT 'search_path=public, pg_temp' = ANY (coalesce(proconfig, '{}'))"
            )
            assert cursor.fetchone()[0] is None

    def test_cannot_be_made_by_the_application(self):
        safeguards.put_in_place()
        with connection.cursor() as cursor:
            cursor.execute("SELECT has_database_privilege(%s, current_database(), 'TEMPORARY')", [ROLE])
            assert cursor.fetchone()[0] is False


class TestChain:
    @pytest.fixture(autouse=True)
    def _five(self):
        for n in range(5):
            person(f"p{n}@example.test", f"P{n}")
        chained()

    def numbers(self):
        return list(AuditEntry.objects.order_by("number").values_list("number", flat=True))

    def test_holds_and_ends_with_the_last_entry(self):
        verdict = audit_chain.verify()
        last = AuditEntry.objects.order_by("number").last()
        assert (verdict.fault, verdict.number, verdict.hash) == ("", last.number, last.hash)
        assert self.numbers() == list(range(1, last.number + 1))

    @pytest.mark.parametrize(
        "change",
        [
            "actor = 9",
            "at = at + interval '1 s'",
            "fields = '{name}'",
            "people = '{}'",
            "words = 'x'",
            "count = 2",
        ],
    )
    def test_an_edited_entry_is_named(self, change):
        tampered(f"UPDATE people_auditentry SET {change} WHERE number = 3")  # noqa: S608
        assert "Entry 3 " in audit_chain.verify().fault

    def test_a_removed_entry_is_named(self):
        tampered("DELETE FROM people_auditentry WHERE number = 3")
        assert "Entry 3 was removed" in audit_chain.verify().fault

    def test_reordered_entries_are_named(self):
        tampered(
            "UPDATE people_auditentry SET number = CASE number WHEN 2 THEN -4 ELSE -2 END"
            " WHERE number IN (2, 4)"
        )
        sql("UPDATE people_auditentry SET number = -number WHERE number < 0")
        assert "Entry 2 " in audit_chain.verify().fault

    def test_an_entry_in_the_stead_of_another_is_named(self):
        """With its hash made anew: what comes after no longer follows from it."""
        rows = list(audit_chain._rows())
        row = list(rows[2])
        row[14] = "made up"
        made = audit_chain.digest(rows[1][-1], row[:-1])
        tampered("UPDATE people_auditentry SET words = 'made up', hash = %s WHERE number = 3", made)
        assert "Entry 4 " in audit_chain.verify().fault

    def test_entries_gone_from_the_end_are_missed_by_what_was_noted_outside(self):
        verdict = audit_chain.verify()
        audit_chain.note_head(verdict, on=datetime.date(2026, 5, 4))
        tampered("DELETE FROM people_auditentry WHERE number >= 5")
        assert audit_chain.verify().fault == ""
        assert "Entry 5 was removed" in audit_chain.verify(heads=audit_chain.noted_heads()).fault

    def test_the_command_says_so(self, capsys):
        call_command("verify_audit")
        assert "entries hold" in capsys.readouterr().out
        tampered("DELETE FROM people_auditentry WHERE number = 2")
        with pytest.raises(CommandError, match="Entry 2 was removed"):
            call_command("verify_audit")


@pytest.mark.django_db(transaction=True)
def test_many_at_once_make_one_chain():
    """Two transactions of several entries each, from each of eight threads: no gap, no fork, no deadlock."""
    faults = []

    def act(number):
        try:
            with acting.acting(acting.Acting("tests")):
                for turn in range(4):
                    with transaction.atomic():
                        one = person(f"t{number}-{turn}@example.test")
                        one.name = "Changed"
                        one.save()
                        audit.note_read(one)
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    verdict = audit_chain.verify()
    assert (verdict.fault, verdict.number) == ("", AuditEntry.objects.count())
    assert verdict.number >= 8 * 4 * 3


@pytest.mark.django_db(transaction=True)
def test_a_committed_row_outside_the_chain_is_named():
    person()
    with transaction.atomic():
        sql("ALTER TABLE people_auditentry DISABLE TRIGGER people_auditentry_chain")
        person("b@example.test")
        sql("SET CONSTRAINTS ALL IMMEDIATE")
        sql("ALTER TABLE people_auditentry ENABLE ALWAYS TRIGGER people_auditentry_chain")
    assert "not in the chain" in audit_chain.verify().fault
