"""A run of reminders, by the worker or by the command, is killed with kill -9 fifty times, anywhere: none is missing,
and a second copy says so.
"""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.utils import timezone

from accounts.models import Person
from actions.models import ActionItem
from followup.models import Outgoing, OutgoingState, ReminderPreference
from followup.reminders.outbox import TO_SEND
from tests.fakes.smtp import SmtpServer
from tests.followup.reminding import owner, published
from tests.live import ROOT, database_url

KILLS = 50
NEW_PEOPLE = 2  # before each run

pytestmark = pytest.mark.django_db(transaction=True)


class Sender:
    """Runs, one after the other."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.running = 0

    def start(self, by: str = "command") -> None:
        """Start a run, by the "worker" or by the "command"."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(f"{by}\n")
        self._process.stdin.flush()
        self.running = int(self._process.stdout.readline())

    def kill(self) -> None:
        """kill -9, if it has not ended."""
        with suppress(ProcessLookupError):
            os.kill(self.running, signal.SIGKILL)

    def wait(self) -> bool:
        """Wait for its end; whether it was killed."""
        assert self._process.stdout
        status = int(self._process.stdout.readline())
        assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
        return os.WIFSIGNALED(status)


@contextmanager
def sender(smtp: SmtpServer) -> Iterator[Sender]:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "DATABASE_URL": database_url(),
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(smtp.port),
        "DEBRIEF_ADDRESS": "https://debrief.example",
    }
    command = [sys.executable, "-m", "tests.followup.sender"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Sender(process)
        assert process.stdin
        process.stdin.close()


def test_killed_fifty_times_none_is_missing_and_a_second_copy_says_so() -> None:
    seed = random.randrange(2**32)
    sys.stdout.write(f"seed {seed}\n")
    chance = random.Random(seed)
    incident = published()
    late = timezone.now().date() - timedelta(days=4)  # the same reminder today and tomorrow
    people: list[Person] = []

    def hire() -> None:
        for _ in range(NEW_PEOPLE):
            people.append(owner(f"owner{len(people)}"))
            ReminderPreference.objects.create(person=people[-1], hour=0)
            ActionItem.objects.bulk_create(
                ActionItem(incident=incident, title=f"Item {one} of {people[-1]}", owner=people[-1], due=late)
                for one in range(2)
            )

    with SmtpServer() as smtp, sender(smtp) as runs:
        usual = {}
        for by in ("command", "command", "worker"):  # the first one waits for the program to be loaded
            hire()
            began = time.monotonic()
            runs.start(by)
            assert not runs.wait()
            usual[by] = time.monotonic() - began
        killed = 0
        for _ in range(KILLS):
            hire()
            trigger = chance.choice(["time", "time", "read", "kept", "confirmed"])
            count = chance.randint(1, NEW_PEOPLE)
            kill_at(smtp, runs, trigger, count)
            by = chance.choice(["command", "command", "worker"])
            runs.start(by)
            if trigger == "time":
                threading.Event().wait(chance.uniform(0, usual[by]))
                runs.kill()
            killed += runs.wait()
        smtp.tell(lambda _: None)
        for _ in range(20):
            if not Outgoing.objects.filter(state__in=TO_SEND).exists() and len(addressees(smtp)) == len(people):
                break
            runs.start()
            runs.wait()
    assert killed > KILLS / 2
    copies = by_addressee(smtp.messages)
    assert set(copies) == {person.email for person in people}, "none is missing"
    for person in people:
        outgoing = Outgoing.objects.get(person=person)
        assert outgoing.state == OutgoingState.SENT
        first, *more = copies[person.email]
        assert all(f"Item {one} of {person}" in text(mail) for mail in [first, *more] for one in range(2))
        assert {mail["Message-ID"] for mail in more} <= {first["Message-ID"]}, "mail programs show one of them"
        assert not more or outgoing.retried
        assert all("you may have it twice" in text(mail) for mail in more)


def kill_at(smtp: SmtpServer, runs: Sender, step: str, count: int) -> None:
    """Kill the run at that step of its message number `count`."""
    seen = 0

    def listen(now: str) -> None:
        nonlocal seen
        seen += now == step
        if now == step and seen == count:
            runs.kill()

    smtp.tell(listen)


def addressees(smtp: SmtpServer) -> set[str]:
    return {mail["To"] for mail in smtp.messages}


def by_addressee(messages: list[EmailMessage]) -> dict[str, list[EmailMessage]]:
    found = defaultdict(list)
    for mail in messages:
        found[str(mail["To"])].append(mail)
    return found


def text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body
    return str(body.get_content())
