"""Settings for an installation that others reach: HTTPS only, nothing guessed.

Needs DEBRIEF_SECRET_KEY, DEBRIEF_ALLOWED_HOSTS and DATABASE_URL in the environment (docs/operations.md).
"""

import os

from config.settings import *  # noqa: F403

_missing = [
    name for name in ("DEBRIEF_SECRET_KEY", "DEBRIEF_ALLOWED_HOSTS", "DATABASE_URL") if not os.environ.get(name)
]
if _missing:
    raise SystemExit(f"Set {', '.join(_missing)} in the environment to run with config.settings.production.")

SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
