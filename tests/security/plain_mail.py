"""The service's settings, for a mail server of a test's own, which speaks no TLS."""

from config.settings import *  # noqa: F403

EMAIL_USE_TLS = False
