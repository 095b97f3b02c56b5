"""Sends reminders again and again, each time in a process of its own, so that a test can kill it.

A line on stdin, "command" or "worker", starts a run; stdout says its process, and how it ended. The program is loaded
once.
"""

import os
import sys
from contextlib import suppress

import django

django.setup()

from django.core.mail.utils import DNS_NAME  # noqa: E402
from django.core.management import CommandError, call_command  # noqa: E402
from django.template.loader import get_template  # noqa: E402
from django.urls import get_resolver  # noqa: E402
from procrastinate.contrib.django import app  # noqa: E402
from procrastinate.exceptions import AlreadyEnqueued  # noqa: E402

import followup.management.commands.send_reminders  # noqa: E402
import followup.reminders.running  # noqa: E402, F401
from followup.tasks import remind  # noqa: E402

get_resolver()._populate()
for name in ("followup/reminder.txt", "followup/reminder.html"):
    get_template(name)
str(DNS_NAME)


def by_command() -> None:
    call_command("send_reminders", at_their_hour=True, stdout=open(os.devnull, "w"))  # noqa: SIM115, PTH123


def by_worker() -> None:
    with suppress(AlreadyEnqueued):
        remind.defer(timestamp=1)
    with app.replace_connector(app.connector.get_worker_connector()) as working:  # type: ignore[attr-defined]
        working.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)


for line in sys.stdin:
    process = os.fork()
    if process == 0:
        try:
            {"command": by_command, "worker": by_worker}[line.strip()]()
        except CommandError:
            os._exit(1)
        except BaseException as problem:
            sys.stderr.write(f"{problem!r}\n")
            sys.stderr.flush()
            os._exit(3)
        os._exit(0)
    sys.stdout.write(f"{process}\n")
    sys.stdout.flush()
    sys.stdout.write(f"{os.waitpid(process, 0)[1]}\n")
    sys.stdout.flush()
