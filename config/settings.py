"""Settings, each read from the environment once, here. `docs/deployment.md` lists them."""

import os
from pathlib import Path

import dj_database_url
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config.attachments_url import attachments_kept, scanner_asked
from config.council_sign_in import council_sign_in_at

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("DATA_DIR", BASE_DIR / ".local"))


def _switched_on(name):
    return os.environ.get(name, "").lower() in {"1", "true", "yes", "on"}


DEBUG = _switched_on("DEBUG")
# A demonstration: sign-in page lists the demo cast, `seed_demo` may run. Never on with real people's data.
DEMO = _switched_on("DEMO")

# The address people type, with its scheme: links in e-mails, allowed host, whether cookies are for TLS only.
SITE_URL = os.environ.get("SITE_URL", "http://localhost:8000").rstrip("/")
HTTPS = SITE_URL.startswith("https://")
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", SITE_URL.split("://", 1)[1].split(":")[0]).split(",")
CSRF_TRUSTED_ORIGINS = [SITE_URL]
# Whose service it is, for the top of each page.
ORGANISATION = os.environ.get("ORGANISATION", "Children’s services")


def _secret_key():
    """SECRET_KEY from the environment, or from the file that set-up made for this machine alone."""
    if key := os.environ.get("SECRET_KEY"):
        return key
    kept = DATA_DIR / "secret_key"
    if kept.exists():
        return kept.read_text().strip()
    raise ImproperlyConfigured("Set SECRET_KEY, or run `make run` once: it makes a key for this machine.")


SECRET_KEY = _secret_key()
SECRET_KEY_FALLBACKS = [key for key in os.environ.get("SECRET_KEY_FALLBACKS", "").split(",") if key]

INSTALLED_APPS = [
    "config.apps.ConfigConfig",
    "people",
    "competencies",
    "portfolios",
    "progression",
    "payroll",
    "reviews",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "guardian",
    "crispy_forms",
    "crispy_forms_gds",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.answers.NotKeptMiddleware",
    "config.answers.MethodMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "people.who.WhoMiddleware",
    "people.acting.ActingMiddleware",
    "config.typed.SignInMiddleware",
    "config.second_factor.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.refusals.RefusalMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "environment": "config.pages.environment",
            "context_processors": [
                "django.contrib.messages.context_processors.messages",
                "config.pages.chrome",
            ],
        },
    },
    {
        # Other people's apps only: the admin, allauth's e-mails, crispy-forms' field templates.
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates" / "django"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {
    "default": dj_database_url.config(
        default="postgresql://localhost/progression", conn_max_age=60, conn_health_checks=True
    )
}
if "postgresql" not in DATABASES["default"]["ENGINE"]:
    raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database: the rules are held by it.")

# The role that the application signs in as, where another one owns the tables and migrates.
DATABASE_ROLE = os.environ.get("DATABASE_ROLE", "progression")

REDIS_URL = os.environ.get("REDIS_URL", "redis://localhost:6379/0")
# Seconds: a Redis that hangs costs a page little more than one that is gone.
_REDIS = {"LOCATION": REDIS_URL, "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1}}
CACHES = {
    # What counts wrong passwords and used codes must be there when Redis is not.
    "default": {"BACKEND": "people.tallies.Tallies"},
    "redis": {"BACKEND": "django.core.cache.backends.redis.RedisCache", **_REDIS},
    "sessions": {"BACKEND": "config.copies.Copies", **_REDIS},
}
SESSION_ENGINE = "people.sessions"
SESSION_CACHE_ALIAS = "sessions"

# People
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "people.who.Backend",
    "guardian.backends.ObjectPermissionBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
GUARDIAN_GET_INIT_ANONYMOUS_USER = None
ANONYMOUS_USER_NAME = None
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "people.sign_in.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_FORMS = {
    "login": "people.forms.SignInForm",
    "reauthenticate": "people.forms.AgainForm",
    "reset_password": "people.forms.ForgottenPasswordForm",
    "reset_password_from_key": "people.forms.NewPasswordForm",
    "change_password": "people.forms.ChangePasswordForm",
}
# Five wrong passwords for one address lock it for five minutes; a whole office may share one network address.
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "login_failed": "60/5m/ip,5/5m/key"}
# The second step of signing in: an app's codes, recovery codes, passkeys.
MFA_ADAPTER = "people.sign_in.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Social work progression"
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
# Over plain http, which browsers allow on localhost alone, fido2 would refuse what they made there.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
# A whole office may share one network address; nobody can guess a passkey.
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}
MFA_FORMS = {
    "authenticate": "people.second_step_forms.CodeForm",
    "reauthenticate": "people.second_step_forms.CodeAgainForm",
    "activate_totp": "people.second_step_forms.SetUpAppForm",
    "add_webauthn": "people.second_step_forms.AddPasskeyForm",
}
# The council's own sign-in by OpenID Connect, such as Entra ID; none without an issuer.
OIDC_ISSUER = os.environ.get("OIDC_ISSUER", "")
OIDC_NAME = os.environ.get("OIDC_NAME", "the council’s account")
# The operator says: only administrators give out preferred_username there; it always asks for a second step.
OIDC_TRUST_USERNAMES = _switched_on("OIDC_TRUST_USERNAMES")
OIDC_ENFORCES_SECOND_STEP = _switched_on("OIDC_ENFORCES_SECOND_STEP")
SOCIALACCOUNT_PROVIDERS = council_sign_in_at(
    OIDC_ISSUER, os.environ.get("OIDC_CLIENT_ID", ""), os.environ.get("OIDC_CLIENT_SECRET", "")
)
SOCIALACCOUNT_ADAPTER = "people.council_sign_in.CouncilSignIn"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
# How many proxies of our own stand in front and add to X-Forwarded-For; 0 believes nobody's.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TRUSTED_PROXIES", "0"))

# Language, dates
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

# Where files are kept: a folder, or a bucket. Who scans them: tcp://host:port or unix:/path of clamd.
ATTACHMENTS_URL = os.environ.get("ATTACHMENTS_URL", "")
CLAMD_URL = scanner_asked(os.environ.get("CLAMD_URL", ""))

# Front-end files: ours in static/, the design systems' made by set-up, both collected under DATA_DIR.
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static", DATA_DIR / "frontend"]
STORAGES = {
    "default": attachments_kept(ATTACHMENTS_URL, folder=DATA_DIR / "attachments"),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 3600

CRISPY_ALLOWED_TEMPLATE_PACKS = ["gds"]
CRISPY_TEMPLATE_PACK = "gds"

# E-mail: files under DATA_DIR until EMAIL_URL's host is given.
if os.environ.get("EMAIL_HOST"):
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = os.environ["EMAIL_HOST"]
    EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "587"))
    EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
    EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
    EMAIL_USE_TLS = True
    EMAIL_TIMEOUT = 10
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA_DIR / "mail"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = os.environ.get("EMAIL_FROM", "progression@council.example")
EMAIL_SUBJECT_PREFIX = ""
# Who is told by mail when something is found that must never be, such as a form that was changed.
ADMINS = [("", address) for address in os.environ.get("ALERT_EMAIL", "").split(",") if address]

# Work in the background
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # What a killed worker held is taken up by another within ten seconds: looked for every second, and not
    # kept back for minutes by one that was killed while it looked.
    "visibility_timeout": 8,
    "unacked_restore_interval": 1,
    "unacked_restore_throttle": 1,
    "unacked_mutex_expire": 5,
    # A queue that is down, or takes what it is sent and never answers, is given up at once: the work is in a
    # table. A worker notices within seconds too, and connects anew.
    "max_retries": 1,
    "interval_start": 0,
    "socket_connect_timeout": 1,
    "socket_timeout": 1,
    "health_check_interval": 5,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")
from config.schedule import BEAT_SCHEDULE as CELERY_BEAT_SCHEDULE  # noqa: E402, F401

# The seal on issued PDFs: a PKCS #12 file, its passphrase, and a PEM file with earlier certificates.
SEALING_KEY = os.environ.get("SEALING_KEY", str(DATA_DIR / "sealing.p12"))
SEALING_PASSPHRASE = os.environ.get("SEALING_PASSPHRASE", "")
SEALED_BEFORE = os.environ.get("SEALED_BEFORE", "")

# Security
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "config.typed.csrf_failure"
# A browser keeps these for this address alone: no other host of the council's can set or read them.
if HTTPS:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
MESSAGE_STORAGE = "config.messages.Messages"
# How long the row is kept. When a session ends is in people/sessions.py.
SESSION_COOKIE_AGE = 10 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# One piece of evidence may carry several 10 MB attachments; a form alone never needs more than this.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_HANDLERS = [
    "portfolios.receiving.StopAtLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "portfolios.receiving.ReceiveOnDisk",
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "class": "config.log_lines.LineFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
    # One line for each stage of each PDF, and what a long name would put into the log.
    "loggers": {name: {"level": "ERROR"} for name in ("weasyprint", "weasyprint.progress", "fontTools")},
}
