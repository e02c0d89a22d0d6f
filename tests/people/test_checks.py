"""What a deployment is told of its database."""

import pytest
from django.conf import settings
from django.db import connection

from people.checks import application_owns_no_table


@pytest.mark.django_db
def test_the_owner_of_the_tables_is_warned_and_the_application_is_not():
    assert [fault.id for fault in application_owns_no_table(["default"])] == ["people.W001"]
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {settings.DATABASE_ROLE}")
    assert application_owns_no_table(["default"]) == []
    assert application_owns_no_table() == []
