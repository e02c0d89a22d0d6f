"""Fixtures for every test. A conftest's come before any plugin's; pytest-django too has a `live_server`."""

from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, TransactionTestCase, override_settings

from people import acting
from people.audit_chain import HEADS
from tests import council
from tests.signed_in import by_both_steps
from tools.pytest_browser import live_server  # noqa: F401
from tools.pytest_database import Kept


@pytest.fixture(scope="session", autouse=True)
def _passwords_hashed_fast():
    """A real hash takes a third of a second, by design; tests make hundreds of people."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session", autouse=True)
def _tests_act():
    """Where no page, task or command acts, the test itself does."""
    acting.otherwise = acting.Acting("tests")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, _tests_act):
    """Each test begins as after set-up: with the schemes and the bank holidays, and nothing else."""
    with django_db_blocker.unblock():
        migrated = Kept(connection)
        council.with_rules()
        migrated.put_back(only=["people_auditentry"])
        kept = Kept(connection)
        connection.close()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: kept.put_back())
        yield SimpleNamespace(migrated=migrated, kept=kept)


@pytest.fixture(autouse=True)
def _no_heads_noted():
    """What a test notes of the audit's chain is of its own chain, and goes with it."""
    yield
    (settings.DATA_DIR / HEADS).unlink(missing_ok=True)


@pytest.fixture
def nothing_published(db, django_db_setup):
    """The test begins before set-up: with the tables, and nothing in them."""
    django_db_setup.migrated.put_back()


@pytest.fixture(scope="session", autouse=True)
def _signed_in_by_both_steps():
    """`client.force_login` skips the pages of signing in, not what they ask: it stands for both steps."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "force_login", by_both_steps)
        yield
