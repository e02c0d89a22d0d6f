"""What an authenticator app would show, for tests that sign in by its codes."""

import time

from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import decrypt


def app_of(user):
    """Set up an app for `user`; its secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def secret_of(user):
    """The secret of the app that `user` has set up."""
    return decrypt(user.authenticator_set.get(type="totp").data["secret"])


def code_of(secret, *, steps=0):
    """What the app shows now, or so many half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))
