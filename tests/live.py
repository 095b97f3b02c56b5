"""Live processes beside the tests' database, and a client that speaks their protocol."""

import os
import socket
import subprocess
import time
import urllib.request
from contextlib import closing, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db import connection
from django.test import Client
from pycrdt import (
    Doc,
    Text,
    create_sync_message,
    create_update_message,
    handle_sync_message,
)
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from accounts.models import Person
from core.management.commands.serve import live_command
from reviews.live import protocol
from reviews.live.protocol import Presence
from reviews.live.store import open_document
from reviews.models import Review

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 30.0


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class LiveProcess:
    """`config.live` as `make run` starts it, on the database of the tests."""

    def __init__(self, web_port: int = 0, home: str = "") -> None:
        self.port = free_port()
        self.web_port = web_port
        self.home = home  # of another embedded database
        self.start()

    def start(self) -> None:
        """Start it and wait until it answers."""
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            **({"DEBRIEF_HOME": self.home} if self.home else {"DATABASE_URL": database_url()}),
            "DEBRIEF_WEB_PORT": str(self.web_port),
            "DEBRIEF_SUPERVISED": "1",  # it starts no database
        }
        command = live_command("127.0.0.1", self.port)
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            assert time.monotonic() < deadline, "the live process does not answer"
            time.sleep(0.05)

    def runs(self) -> bool:
        """Whether it was neither killed nor ended by itself."""
        return self.process.poll() is None

    def kill(self) -> None:
        """As kill -9 does, workers included."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, 9)
        self.process.wait()

    def stop(self) -> None:
        """Ask it to end."""
        if self.runs():
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(10)
        self.kill()

    def _answers(self) -> bool:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{self.port}/live/healthz", timeout=2):
            return True
        return False


def database_url() -> str:
    settings = connection.settings_dict
    host = quote(str(settings["HOST"]), safe="")
    user = quote(str(settings["USER"]), safe="")
    password = f":{quote(str(settings['PASSWORD']), safe='')}" if settings["PASSWORD"] else ""
    port = f"&port={settings['PORT']}" if settings["PORT"] else ""
    return f"postgresql://{user}{password}@/{settings['NAME']}?host={host}{port}"


def cookie_of(person: Person) -> str:
    """The cookie of a new session."""
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return f"sessionid={client.cookies['sessionid'].value}"


class Writer:
    """One editor page's side of the protocol, without a browser."""

    def __init__(
        self,
        live: LiveProcess,
        review: Review,
        person: Person,
        *,
        cookie: str = "",
        guid: str = "",
        doc: Doc | None = None,
        **headers: str,
    ) -> None:
        self.person = person
        self.doc = doc or Doc()
        self.sent = 0
        self.stored = 0
        self.present: dict[int, Presence] = {}
        self.code: int | None = None
        self._sending: list[bytes] = []
        guid = guid or str(open_document(review.pk).guid)
        address = f"ws://127.0.0.1:{live.port}/live/{review.incident.number}?guid={guid}"
        cookie = cookie or cookie_of(person)
        self.socket = connect(
            address, additional_headers={"Cookie": cookie, **headers}, open_timeout=PATIENCE, legacy=True, max_size=None
        )
        self._send(create_sync_message(self.doc))

    def text(self, place: str = "section:summary") -> str:
        """What this client holds."""
        return str(self.doc.get(place, type=Text))

    def erase(self, place: str) -> None:
        """Delete the whole text."""
        before = self.doc.get_state()
        text = self.doc.get(place, type=Text)
        del text[0 : len(text)]
        self._send(create_update_message(self.doc.get_update(before)))

    def type(self, words: str, place: str = "section:summary", at: int | None = None) -> None:
        """Insert words, at the end or at a byte of the text."""
        before = self.doc.get_state()
        text = self.doc.get(place, type=Text)
        text.insert(len(text) if at is None else at, words)
        self._send(create_update_message(self.doc.get_update(before)))

    def say(self, presence: Presence) -> None:
        """Send an awareness state."""
        self._send(protocol.presence_message([presence]))

    def send_raw(self, message: bytes | str) -> None:
        """Whatever it is."""
        with suppress(ConnectionClosed):
            self.socket.send(message)

    def read(self, seconds: float = 0.05) -> bool:
        """Take one message; False where none came in that time, or the socket is closed (see `code`)."""
        try:
            message = self.socket.recv(timeout=seconds)
        except TimeoutError:
            return False
        except ConnectionClosed as closed:
            self.code = closed.rcvd.code if closed.rcvd else 1006
            return False
        assert isinstance(message, bytes)
        if message[0] == protocol.STORED:
            self.stored = protocol_number(message[1:])
        elif message[0] == protocol.AWARENESS:
            self.present.update({one.client: one for one in protocol.read_presence(message)})
        else:
            reply = handle_sync_message(message[1:], self.doc)
            if reply is not None:
                self._send(reply)
        return True

    def until(self, condition: Any, what: str = "") -> None:
        """Read on until the condition holds."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, f"it never came to be: {what or condition}"
            self.read()
            assert self.code is None or condition(), f"closed with {self.code}"

    def until_closed(self) -> int:
        """The code with which the socket is closed."""
        self.until(lambda: self.code is not None, "closed")
        assert self.code is not None
        return self.code

    def until_saved(self) -> None:
        """Until everything that was sent is stored."""
        self.until(lambda: self.stored == self.sent, "stored")

    def close(self) -> None:
        self.socket.close()

    def _send(self, message: bytes) -> None:
        if message[:1] == b"\x00" and message[1] in (protocol.STEP_2, protocol.UPDATE):
            self.sent += 1
        self.send_raw(message)


def protocol_number(data: bytes) -> int:
    """A number as lib0 writes it."""
    number = shift = 0
    for byte in data:
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            break
    return number
