"""The web application: every page, over WSGI (docs/architecture.md says why)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("DEBRIEF_CONNECTION_POOL", "1")

application = get_wsgi_application()
