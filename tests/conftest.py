"""Fixtures for every test. A conftest's come before any plugin's; pytest-django too has a `live_server`."""

import pytest
from django.test import override_settings

from people import acting
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
