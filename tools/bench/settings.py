"""The application's settings, with the bare page to compare against and a count of queries when asked for."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "tools.bench.urls"
MIDDLEWARE = ["tools.bench.bare.count_queries", *MIDDLEWARE]  # noqa: F405
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
LOGGING = {"version": 1, "disable_existing_loggers": True}
