"""Cases that many tests of one file start from, walked there once.

    cases = built_once(lambda: SimpleNamespace(recommended=application_at(State.RECOMMENDED)))

makes `cases` a fixture. What a test does to them is undone after it. Not for a file with transactional tests.
"""

import pytest
from django.db import transaction


def built_once(build):
    """A fixture of module scope: what `build` answers, in a transaction that ends with the file."""

    @pytest.fixture(scope="module")
    def built(django_db_setup, django_db_blocker):
        with django_db_blocker.unblock(), transaction.atomic():
            yield build()
            transaction.set_rollback(True)

    return built
