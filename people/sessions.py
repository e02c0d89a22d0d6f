"""Sessions: in the database, with a copy in Redis; how long one lasts; whose are open, and ending them.

A session ends when nobody has used it for IDLE, and LONGEST after it began whatever happens. Both are kept in
its data, as seconds since 1970, so that no request asks the database for them. It is noted at most once a
minute that a session was used.
"""

import time
from datetime import UTC, datetime

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import cached_db

from people.sign_in_models import Session

IDLE = 30 * 60
"""Seconds without a request after which somebody is signed out."""
LONGEST = 10 * 60 * 60
"""Seconds after signing in at which somebody is signed out."""
EVERY = 60
"""Seconds between two notes that a session was used."""

STARTED, SEEN, DEVICE, NETWORK = "started", "seen", "device", "network"


class SessionStore(cached_db.SessionStore):
    """Django's cached sessions, in a table that says whose each is."""

    @classmethod
    def get_model_class(cls):
        return Session

    def create_model_instance(self, data):
        made = super().create_model_instance(data)
        made.user_id = data.get(SESSION_KEY)
        made.started_at, made.seen_at = _moment(data.get(STARTED)), _moment(data.get(SEEN))
        made.device, made.network = data.get(DEVICE, ""), data.get(NETWORK, "")
        return made


def begin(session, *, device, network):
    """Somebody has just signed in, at this browser and from this network."""
    session[STARTED] = session[SEEN] = time.time()
    session[DEVICE], session[NETWORK] = device, network


def seconds_left(session):
    """(until it ends for want of use, until it ends whatever happens): 0 where it has ended."""
    now = time.time()
    idle, longest = session.get(SEEN, 0) + IDLE - now, session.get(STARTED, 0) + LONGEST - now
    return max(0, int(min(idle, longest))), max(0, int(longest))


def is_over(session):
    return seconds_left(session)[0] == 0


def note_use(session, *, every=EVERY):
    """Somebody used it now, which is written down if it was not within `every` seconds."""
    now = time.time()
    if now - session.get(SEEN, 0) >= every:
        session[SEEN] = now


def open_sessions(user):
    """The sessions in which `user` is signed in still, the last used first. One query."""
    now = time.time()
    return list(
        Session.objects.filter(
            user=user, seen_at__gt=_moment(now - IDLE), started_at__gt=_moment(now - LONGEST)
        ).order_by("-seen_at", "session_key")
    )


def end(keys):
    """End the sessions of these keys: they are out at their next request. A query each."""
    for key in keys:
        store = SessionStore(key)
        store.delete(key)


def end_all_of(user):
    """End every session of somebody who has left: coming back, they sign in anew."""
    end(Session.objects.filter(user=user).values_list("session_key", flat=True))


def _moment(seconds):
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
