"""Every request of a test asks PostgreSQL as the application's own role, not as the tables' owner.

So each test of a page also proves that the page needs no more than the application is given, and that what it
changes is audited: PostgreSQL refuses the rest.
"""

from contextlib import suppress

import psycopg2
from django.conf import settings
from django.db import DatabaseError, connection


class AsApplication:
    """The outermost middleware of tests. Its two statements are not counted as queries of the page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        _become(settings.DATABASE_ROLE)
        try:
            return self.get_response(request)
        finally:
            _become("NONE")


def _become(role):
    # A test without a database, or whose database is down, or a transaction that failed and took the role.
    with suppress(RuntimeError, DatabaseError, psycopg2.Error):
        connection.ensure_connection()
        with connection.connection.cursor() as cursor:
            cursor.execute(f"SET ROLE {role}")
