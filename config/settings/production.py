"""Settings for an installation that others reach: HTTPS only (docs/operations.md lists the environment's part)."""

from config.settings import *  # noqa: F403

DEMO_IN_EMPTY_DATABASE = False  # the demo's passwords are known to everyone
SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
# The address of whom the proxy speaks for: limits on signing in count by it, not by the proxy's.
ALLAUTH_TRUSTED_PROXY_COUNT = 1
# The proxy joins pages and sockets under one address (docs/operations.md); without it the editor works by forms.
LIVE_AT_SAME_ADDRESS = True
