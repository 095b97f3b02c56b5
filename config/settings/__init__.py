"""Settings for one machine: plain HTTP on loopback, everything kept under DEBRIEF_HOME.

`config.settings.production` adds what a public installation needs.
"""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF

from config.attachments import attachment_storage, most_bytes
from core.secret_key import stored_secret_key

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DEBRIEF_HOME = Path(os.environ.get("DEBRIEF_HOME") or BASE_DIR / "var").resolve()

DEBUG = False
DEMO_IN_EMPTY_DATABASE = True
SECRET_KEY = os.environ.get("DEBRIEF_SECRET_KEY") or stored_secret_key(DEBRIEF_HOME)
ALLOWED_HOSTS = os.environ.get("DEBRIEF_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("DEBRIEF_TRUSTED_ORIGINS", "").split(",") if origin]

INSTALLED_APPS = [
    "integrations",
    "learning",
    "wiki",
    "followup",
    "reviews",
    "actions",
    "timeline",
    "incidents",
    "catalog",
    "accounts",
    "core",
    "allauth",
    "allauth.account",
    "ninja",
    "django_htmx",
    "template_partials",
    "csp",
    "procrastinate.contrib.django",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "core.static_files.StaticFiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "integrations.answers.ApiAnswers",
    "core.middleware.AddressMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.middleware.PersonMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.ReaderMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "incidents.notifications.in_frame",
            ],
            "builtins": ["core.templatetags.instants", "core.templatetags.titles"],
        },
    }
]


def _database_from_url(url: str) -> dict[str, object]:
    """Django's database settings for postgresql://USER:PASSWORD@HOST:PORT/NAME?option=value."""
    parts = urlsplit(url)
    options = dict(pair.partition("=")[::2] for pair in parts.query.split("&") if pair)
    host = options.pop("host", "") or parts.hostname or ""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(host),
        "PORT": str(parts.port or ""),
        "OPTIONS": {name: unquote(value) for name, value in options.items()},
    }


def database_options(*, is_web: bool) -> str:
    """What each connection sets. For a page, processes that help a query along are taken from other readers, and
    compiling a query takes longer than the query."""
    kept = "-c plan_cache_mode=force_generic_plan"
    return f"{kept} -c jit=off -c max_parallel_workers_per_gather=0" if is_web else kept


# `make run` starts and stops the embedded PostgreSQL itself and tells its processes not to.
EMBEDDED_POSTGRES = not os.environ.get("DATABASE_URL")
EMBEDDED_POSTGRES_STARTS = os.environ.get("DEBRIEF_SUPERVISED") != "1"

# Statements that PostgreSQL keeps prepared (core/statements.py) do not go through every connection pooler. Only those
# that ask for it are prepared, whatever the number here; a plan that is kept serves all values.
PREPARES = EMBEDDED_POSTGRES or os.environ.get("DEBRIEF_PREPARES") == "1"
IS_WEB = os.environ.get("DEBRIEF_IS_WEB") == "1"  # set by config.wsgi

if EMBEDDED_POSTGRES:
    DATABASES: dict[str, dict[str, object]] = {
        "default": {
            "ENGINE": "core.postgres_backend",
            "NAME": "debrief",
            "USER": "postgres",
            "OPTIONS": {},
        }
    }
else:
    DATABASES = {"default": _database_from_url(os.environ["DATABASE_URL"])}
if PREPARES:
    DATABASES["default"]["OPTIONS"] |= {"prepare_threshold": 1_000_000}  # type: ignore[operator]
    DATABASES["default"]["OPTIONS"]["options"] = " ".join(  # type: ignore[index]
        filter(None, [DATABASES["default"]["OPTIONS"].get("options"), database_options(is_web=IS_WEB)])  # type: ignore[attr-defined]
    )
if IS_WEB:
    DATABASES["default"]["CONN_MAX_AGE"] = None  # one for each thread that answers
elif os.environ.get("DEBRIEF_CONNECTION_POOL") == "1":
    # Set by config.live, whose threads come and go; a command would wait for the pool's threads at its end.
    DATABASES["default"]["OPTIONS"] |= {"pool": {"min_size": 1, "max_size": 8, "timeout": 10}}  # type: ignore[operator]

# What must be counted across processes, such as tries to sign in; in the database like everything else.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "core_cache"}}

# The queue keeps the jobs that failed, and why (core.failed_jobs); what was done is not needed any more.
PROCRASTINATE_ON_APP_READY = "core.failed_jobs.watch"
PROCRASTINATE_WORKER_DEFAULTS = {"delete_jobs": "successful"}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {"login": "accounts.sign_in.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True

# Mails (docs/operations.md). Without EMAIL_HOST only a server on this machine is tried, for forgotten passwords.
EMAIL_HOST = os.environ.get("EMAIL_HOST") or "localhost"
EMAIL_PORT = int(os.environ.get("EMAIL_PORT") or 25)
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("EMAIL_USE_TLS") == "1"
EMAIL_USE_SSL = os.environ.get("EMAIL_USE_SSL") == "1"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL") or "debrief@localhost"
SITE_ADDRESS = os.environ.get("DEBRIEF_ADDRESS", "")
MAILS_NOTIFICATIONS = bool(os.environ.get("EMAIL_HOST") and SITE_ADDRESS)

# Reminders in Slack (docs/operations.md); the address differs for GovSlack.
SLACK_TOKEN = os.environ.get("DEBRIEF_SLACK_TOKEN", "")
SLACK_API = os.environ.get("DEBRIEF_SLACK_API") or "https://slack.com/api/"

# The live process (config.live). `make run` gives it a port beside the pages' own and tells it both; behind a reverse
# proxy it has the address of the pages. With neither, the editor works by forms alone.
WEB_PORT = os.environ.get("DEBRIEF_WEB_PORT", "")
LIVE_PORT = os.environ.get("DEBRIEF_LIVE_PORT", "")
LIVE_AT_SAME_ADDRESS = False

LANGUAGE_CODE = "en"
USE_I18N = False
USE_TZ = True
TRENDS_SECONDS = 50  # how old the counts of trends may be
# The organisation's: trends count their quarters and hours in it. Each person reads pages in a zone of their own.
TIME_ZONE = os.environ.get("DEBRIEF_TIME_ZONE") or "UTC"

STATIC_URL = "static/"
STATIC_ROOT = DEBRIEF_HOME / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "attachments": attachment_storage(os.environ, DEBRIEF_HOME),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

ATTACHMENT_PICTURE_BYTES = most_bytes(os.environ, "DEBRIEF_PICTURE_MB", 10)
ATTACHMENT_FILE_BYTES = most_bytes(os.environ, "DEBRIEF_FILE_MB", 25)
ATTACHMENT_REVIEW_BYTES = most_bytes(os.environ, "DEBRIEF_REVIEW_FILES_MB", 500)
IMPORT_BYTES = most_bytes(os.environ, "DEBRIEF_IMPORT_MB", 200)

# Requests to the API that one person may send in a minute, in each web process.
API_PER_MINUTE = int(os.environ.get("DEBRIEF_API_PER_MINUTE") or 12_000)

# A pasted chat log of a long incident is text too; Django's own limit is 2.5 MB.
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024

X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
