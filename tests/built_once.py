"""Cases that many tests of one file start from, walked there once.

    built, cases = built_once(lambda: SimpleNamespace(recommended=application_at(State.RECOMMENDED)))

makes `cases` a fixture. What a test does to them, in the database or in memory, is undone. Not for a file
with transactional tests.
"""

import copy

import pytest
from django.db import connection, transaction


def built_once(build):
    """Two fixtures: what `build` answers, in a transaction that ends with the file; each test's own copy."""

    @pytest.fixture(scope="module")
    def built(django_db_setup, django_db_blocker):
        with django_db_blocker.unblock(), transaction.atomic():
            made = build()
            connection.check_constraints()  # now, or the end of each test would check all of it again
            yield made
            transaction.set_rollback(True)

    @pytest.fixture
    def cases(built):
        return copy.deepcopy(built)

    return built, cases
