"""Django's cache for what must be counted when Redis is down too: in PostgreSQL, one statement a call.

allauth counts wrong passwords and codes in the default cache, and notes there which codes were used. Keys are
kept as hashes: an address or a name is part of many.
"""

import hashlib
import json
from datetime import timedelta

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection
from django.utils import timezone

ADD = """
    INSERT INTO people_tally AS there (key, value, until) VALUES (%s, %s, clock_timestamp() + %s)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value, until = excluded.until
     WHERE there.until <= clock_timestamp()
"""
SET = """
    INSERT INTO people_tally (key, value, until) VALUES (%s, %s, clock_timestamp() + %s)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value, until = excluded.until
"""
GET = "SELECT value FROM people_tally WHERE key = %s AND until > clock_timestamp()"
EXTEND = "UPDATE people_tally SET until = clock_timestamp() + %s WHERE key = %s AND until > clock_timestamp()"
DELETE = "DELETE FROM people_tally WHERE key = %s AND until > clock_timestamp()"


class Tallies(BaseCache):
    """Values that JSON can hold; each lasts `timeout` seconds of PostgreSQL's clock, or ten years."""

    def __init__(self, location, params):
        super().__init__(params)

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        return self._change(ADD, self._key(key, version), json.dumps(value), self._lasts(timeout)) == 1

    def get(self, key, default=None, version=None):
        with connection.cursor() as cursor:
            cursor.execute(GET, [self._key(key, version)])
            found = cursor.fetchone()
        return json.loads(found[0]) if found else default

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        self._change(SET, self._key(key, version), json.dumps(value), self._lasts(timeout))

    def touch(self, key, timeout=DEFAULT_TIMEOUT, version=None):
        return self._change(EXTEND, self._lasts(timeout), self._key(key, version)) == 1

    def delete(self, key, version=None):
        return self._change(DELETE, self._key(key, version)) == 1

    def clear(self):
        self._change("DELETE FROM people_tally")

    def _change(self, sql, *values):
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.rowcount

    def _key(self, key, version):
        return hashlib.sha256(self.make_key(key, version).encode()).hexdigest()

    def _lasts(self, timeout):
        if timeout is DEFAULT_TIMEOUT:
            timeout = self.default_timeout
        return timedelta(days=3650) if timeout is None else timedelta(seconds=timeout)


def forget_old(*, now=None):
    """Drop what no longer counts. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM people_tally WHERE until <= %s", [now or timezone.now()])
        return cursor.rowcount
