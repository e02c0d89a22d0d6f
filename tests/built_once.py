"""Cases that many tests of one file start from, walked there once.

    built, cases = built_once(lambda: SimpleNamespace(recommended=application_at(State.RECOMMENDED)))

makes `cases` a fixture. What a test does to them, in the database or in memory, is undone. Not for a file
with transactional tests.
"""

import copy

import pytest
from django.db import transaction


def built_once(build):
    """Two fixtures: what `build` answers, in a transaction that ends with the file; each test's own copy."""

    @pytest.fixture(scope="module")
    def built(django_db_setup, django_db_blocker):
        with django_db_blocker.unblock(), transaction.atomic():
            yield build()
            transaction.set_rollback(True)

    @pytest.fixture
    def cases(built):
        return copy.deepcopy(built)

    return built, cases
