"""How most tests sign somebody in: at once, as after a password and a second step.

What signing in itself asks is proved by tests/people/test_sign_in.py, test_second_step.py and
test_council_sign_in.py, which go through its pages.
"""

import time

from django.test import Client

from people import second_factor, sessions

_force_login = Client.force_login


def by_both_steps(client, user, backend=None):
    """`client` has a session of `user`, in which both steps were taken a moment ago."""
    _force_login(client, user, backend)
    _begin(client, user, "password", "mfa")


def by_password_alone(client, user):
    """The same without the second step."""
    _force_login(client, user)
    _begin(client, user, "password")


def _begin(client, user, *methods):
    session = client.session
    session.update(second_factor.records_of(user, *methods, at=time.time()))
    sessions.begin(session, device="Firefox on Linux", network="127.0.0.x")
    session.save()
