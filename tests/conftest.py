"""Fixtures for every test. A conftest's come before any plugin's; pytest-django too has a `live_server`."""

import pytest
from django.test import Client, override_settings

from people import acting
from tests.signed_in import by_both_steps
from tools.pytest_browser import live_server  # noqa: F401


@pytest.fixture(scope="session", autouse=True)
def _passwords_hashed_fast():
    """A real hash takes a third of a second, by design; tests make hundreds of people."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session", autouse=True)
def _tests_act():
    """Where no page, task or command acts, the test itself does."""
    acting.otherwise = acting.Acting("tests")


@pytest.fixture(scope="session", autouse=True)
def _signed_in_by_both_steps():
    """`client.force_login` skips the pages of signing in, not what they ask: it stands for both steps."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "force_login", by_both_steps)
        yield
