"""Runs `send_reminders` again and again, each time in a process of its own, so that a test can kill it.

Each line on stdin starts a run; stdout says its process, and how it ended. The program is loaded once.
"""

import os
import sys

import django

django.setup()

from django.core.mail.utils import DNS_NAME  # noqa: E402
from django.core.management import CommandError, call_command  # noqa: E402
from django.template.loader import get_template  # noqa: E402
from django.urls import get_resolver  # noqa: E402

import followup.management.commands.send_reminders  # noqa: E402
import followup.reminders.running  # noqa: E402, F401

get_resolver()._populate()
for name in ("followup/reminder.txt", "followup/reminder.html"):
    get_template(name)
str(DNS_NAME)

for _ in sys.stdin:
    process = os.fork()
    if process == 0:
        try:
            call_command("send_reminders", at_their_hour=True, stdout=open(os.devnull, "w"))  # noqa: SIM115, PTH123
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
