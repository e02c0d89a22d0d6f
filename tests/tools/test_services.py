"""The tests' own PostgreSQL and Redis, as `tools.pytest_services` gives them."""

import stat

import pytest
from django.contrib.auth.models import Permission
from django.core.cache import caches
from django.db import connection

from progression.models import BankHoliday
from progression.states import State
from tests.walk import application_at
from tools import console, postgres, prepare, pytest_database, services


@pytest.mark.django_db
def test_database_is_postgresql_under_an_ordinary_role():
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,)


def test_a_test_that_asks_for_no_database_has_none(django_db_setup):
    """What it wrote would stay for every test after it."""
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        BankHoliday.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_a_test_commits_is_undone_and_every_trigger_is_as_it_was(django_db_setup):
    def told(sql):
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()

    tables = [name for (name,) in told(pytest_database.TABLES)]
    counted = " UNION ALL ".join(pytest_database.COUNT.format(name) for name in tables) + " ORDER BY 1"
    triggers = "SELECT tgrelid, tgname, tgenabled FROM pg_trigger ORDER BY oid"
    before = told(triggers), told(counted), told("SELECT * FROM competencies_level ORDER BY id")
    application_at(State.SENT_TO_PAYROLL)
    BankHoliday.objects.all().delete()
    Permission.objects.update(name="Another")
    after = told(counted)
    django_db_setup.kept.put_back()
    assert "A" in {enabled for *_, enabled in before[0]} and len(before[2]) > 3
    assert len(set(before[1]) - set(after)) > 20
    assert (told(triggers), told(counted), told("SELECT * FROM competencies_level ORDER BY id")) == before
    assert BankHoliday.objects.exists() and not Permission.objects.filter(name="Another")


def test_redis_answers():
    caches["redis"].set("seen", "yes")
    assert caches["redis"].get("seen") == "yes"


@pytest.mark.parametrize("_time", [1, 2])
def test_cache_is_empty_at_the_start_of_each_test(_time):
    assert caches["redis"].get("left-over") is None
    caches["redis"].set("left-over", "by the test before")


def test_secret_key_is_for_its_owner_only(tmp_path):
    prepare.secret_key(tmp_path)
    path = tmp_path / "secret_key"
    first = path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and len(first) >= 64
    prepare.secret_key(tmp_path)
    assert path.read_text() == first


def test_an_address_given_outside_starts_no_server():
    given = {"DATABASE_URL": "postgresql://elsewhere/a", "REDIS_URL": "redis://elsewhere/0"}
    with services.running_for_tests(given) as (urls, servers):
        assert urls == given and servers == []


def test_postgresql_that_will_not_start_is_one_sentence(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "PG_VERSION").write_text("9.6\n")
    server = postgres.Postgres(tmp_path / "data", tmp_path / "log", throw_away=True)
    with pytest.raises(console.Trouble, match=r"made by PostgreSQL 9.6 and this is 18\.\d+: move it"):
        server.start()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("ERROR: [Errno 28] No space left on device", "The disk is full while packing: free some space"),
        ("npm error code EAI_AGAIN", "No network while packing: connect this machine"),
        ("Something else", "It broke."),
    ],
)
def test_what_a_failed_command_said_becomes_a_sentence(words, sentence):
    assert console.explain(words, "packing", "It broke.").startswith(sentence)


def test_trouble_is_printed_without_a_traceback(capsys):
    def command():
        raise console.Trouble("Port 8000 is in use.")

    assert console.main(command) == 1
    assert capsys.readouterr().err.strip() == "Port 8000 is in use."
