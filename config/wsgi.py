"""The web application: every page, over WSGI (docs/architecture.md says why)."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("DEBRIEF_IS_WEB", "1")

application = get_wsgi_application()

from wiki.pdf import can_make_pdf  # noqa: E402 - needs the applications

can_make_pdf()  # loads what takes a second, so that nobody's first page waits for it

# What is loaded now stays; and what a request leaves is freed as it ends, all but a few cycles. Looking for those as
# often as Python does by itself takes a tenth of the time that answers take.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 50)
