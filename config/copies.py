"""Copies of sessions, kept in Redis beside the database that holds them."""

import logging

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

# Seconds. A copy that Redis kept over an outage outlives a sign-out meanwhile by no more than this.
LONGEST = 300

log = logging.getLogger(__name__)


class Copies(RedisCache):
    """Redis, which may be down: then it holds nothing, and what was to be read comes from the database."""

    def get(self, key, default=None, version=None):
        return self._or(default, super().get, key, default, version)

    def set(self, key, value, timeout=LONGEST, version=None):
        self._or(None, super().set, key, value, min(timeout, LONGEST), version)

    def delete(self, key, version=None):
        return self._or(False, super().delete, key, version)

    def has_key(self, key, version=None):
        return self._or(False, super().has_key, key, version)

    def _or(self, otherwise, ask, *args):
        try:
            return ask(*args)
        except RedisError as fault:
            log.warning("Redis does not answer, the database does instead: %s", type(fault).__name__)
            return otherwise
