"""All that one live process holds: its rooms, its event streams, and its ear at the database."""

import asyncio
import json
import logging
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import psycopg
from django.db import Error as DatabaseError
from django.db import connection as django_connection

from accounts.models import Person
from reviews.live.gate import MOST_CONNECTIONS, SIGNED_OUT, Guest, Knock, answers
from reviews.live.notices import Notice, name_of, notice_of_audit, notice_of_texts
from reviews.live.protocol import Presence
from reviews.live.room import Connection, Room
from reviews.live.store import CHANNEL, finish
from reviews.live.threads import in_thread

CHANNELS = (CHANNEL, "debrief_audit", "debrief_access")
LARGEST_NOTICE = 7500  # bytes; PostgreSQL takes 8000
KEEP_EMPTY_ROOM = 20.0  # seconds; somebody who reloads finds it open
LOOK_AGAIN = 15.0  # seconds between questions whether everybody may still be here
PRESENCE_EVERY = 0.1

_log = logging.getLogger(__name__)


@dataclass(eq=False)
class Listener:
    """One event stream. `None` in its queue ends it."""

    guest: Guest
    events: asyncio.Queue[bytes | None] = field(default_factory=lambda: asyncio.Queue(500))

    def send(self, event: bytes | None) -> None:
        """Who does not keep up is cut off; its browser comes back and asks for what it missed."""
        try:
            self.events.put_nowait(event)
        except asyncio.QueueFull:
            while not self.events.empty():
                self.events.get_nowait()
            self.events.put_nowait(None)


class Hub:
    """See the module."""

    def __init__(self) -> None:
        self.me = uuid.uuid4().hex
        self.rooms: dict[int, Room] = {}
        self.listeners: set[Listener] = set()
        self._opening = asyncio.Lock()
        self._look = asyncio.Event()
        self._to_say: dict[int, dict[int | None, list[Any] | None]] = {}
        self._names: dict[int, str] = {}
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin to listen, and finish what a live process that was killed left behind."""
        steps = (self._listen, self._look_after_access, self._close_empty_rooms, self._say_presence)
        self._tasks = [asyncio.create_task(self._forever(step)) for step in steps]
        await in_thread(finish)

    async def stop(self) -> None:
        """End every connection; browsers come back to the next process."""
        for task in self._tasks:
            task.cancel()
        for listener in self.listeners:
            listener.send(None)
        for room in self.rooms.values():
            room.close_all(1012)
            await room.close()

    async def room_of(self, review_pk: int) -> Room:
        """The room of a review, opened where it is not."""
        async with self._opening:
            if review_pk in self.rooms and self.rooms[review_pk].is_spoiled:
                await self.rooms.pop(review_pk).close()
            if review_pk not in self.rooms:
                room = Room(review_pk, self.me, self._presence_said)
                await room.open()
                self.rooms[review_pk] = room
                await room.catch_up()  # what was stored while it was not yet told about
                self._presence_said(review_pk, [])
            return self.rooms[review_pk]

    def may_connect(self, person: Person) -> bool:
        """Whether one more socket of that person is opened here."""
        everyone = (one.guest.person.pk for room in self.rooms.values() for one in room.connections)
        return sum(pk == person.pk for pk in everyone) < MOST_CONNECTIONS

    def may_listen(self, person: Person) -> bool:
        """Whether one more event stream of that person is opened here."""
        return sum(one.guest.person.pk == person.pk for one in self.listeners) < MOST_CONNECTIONS

    async def _listen(self) -> None:
        """Hear what others commit. After an interruption every room catches up, and every page asks anew."""
        async with await psycopg.AsyncConnection.connect(**_connection_parameters(), autocommit=True) as ear:
            for channel in CHANNELS:
                await ear.execute(f'LISTEN "{channel}"')
            for listener in list(self.listeners):
                listener.send(None)
            for room in list(self.rooms.values()):
                await room.catch_up()
            async for heard in ear.notifies():
                try:
                    await self._hear(heard.channel, heard.payload)
                except (DatabaseError, psycopg.Error):
                    raise
                except Exception:  # what one review holds must not keep the others from hearing
                    _log.exception("a notice that cannot be read: %s", heard.payload[:200])

    async def _hear(self, channel: str, payload: str) -> None:
        if channel == "debrief_access":
            self._look.set()
            return
        said = json.loads(payload)
        if channel == "debrief_audit":
            await self._tell_listeners(notice_of_audit(said))
            return
        if said["kind"] == "texts":
            await self._tell_listeners(notice_of_texts(said))
        room = self.rooms.get(said["review"])
        if room is None or said.get("by") == self.me:
            return
        if said["kind"] == "updates":
            await room.catch_up()
        elif said["kind"] == "presence":
            room.receive_presence_elsewhere(Presence(*said["state"]))
        elif said["kind"] == "who":
            room.say_presence()

    async def _tell_listeners(self, notice: Notice | None) -> None:
        if notice is None:
            return
        told = [
            one
            for one in self.listeners
            if one.guest.incident.number == notice.number or one.guest.review_pk == notice.review_pk
        ]
        if told:
            event = replace(notice, by=await self._name_of(notice.person_pk)).as_event()
            for listener in told:
                listener.send(event)

    async def _name_of(self, person_pk: int | None) -> str:
        if person_pk is None:
            return ""
        if person_pk not in self._names:
            self._names[person_pk] = await in_thread(name_of, person_pk)
        return self._names[person_pk]

    async def _look_after_access(self) -> None:
        """Whoever may no longer be here is shown out: at once when something about access changed, else in a while."""
        try:
            await asyncio.wait_for(self._look.wait(), LOOK_AGAIN)
        except TimeoutError:
            pass
        else:
            await asyncio.sleep(0.2)  # several changes in a row are one
        self._look.clear()
        self._names.clear()
        connections = [one for room in self.rooms.values() for one in room.connections]
        for code, some in await _refused((one.guest, one) for one in connections):
            some.close(code)
        for code, listener in await _refused((one.guest, one) for one in list(self.listeners)):
            if code != SIGNED_OUT:
                listener.send(b"event: gone\ndata: {}\n\n")
            listener.send(None)

    async def _close_empty_rooms(self) -> None:
        await asyncio.sleep(5)
        now = time.monotonic()
        async with self._opening:
            for pk, room in list(self.rooms.items()):
                if not room.connections and now - room.empty_since > KEEP_EMPTY_ROOM:
                    del self.rooms[pk]
                    await room.close()

    def _presence_said(self, review_pk: int, states: list[list[Any]]) -> None:
        """Kept for a moment: of each client only the last word is told to the other processes. With no states, they
        are asked who is with them.
        """
        waiting = self._to_say.setdefault(review_pk, {})
        if not states:
            waiting[None] = None
        waiting.update({state[0]: state for state in states})

    async def _say_presence(self) -> None:
        async with await psycopg.AsyncConnection.connect(**_connection_parameters(), autocommit=True) as mouth:
            while True:
                await asyncio.sleep(PRESENCE_EVERY)
                waiting, self._to_say = self._to_say, {}
                for review_pk, states in waiting.items():
                    for client, state in states.items():
                        kind = "who" if client is None else "presence"
                        payload = json.dumps({"review": review_pk, "kind": kind, "by": self.me, "state": state})
                        if len(payload) < LARGEST_NOTICE:
                            await mouth.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload])

    async def _forever(self, step: Any) -> None:
        while True:
            try:
                await step()
            except (DatabaseError, psycopg.Error) as problem:
                _log.warning("the database is away (%s); trying again", str(problem).strip())
                await asyncio.sleep(0.5)
            except Exception:
                _log.exception("in the live process")
                await asyncio.sleep(1)


async def _refused(guests: Iterable[tuple[Guest, Any]]) -> list[tuple[int, Any]]:
    """Those who would not be let in now, with the code that says why."""
    knocks = [
        (Knock(guest.session_key, guest.incident.number, isinstance(whose, Connection)), whose)
        for guest, whose in guests
    ]
    if not knocks:
        return []
    answered = await in_thread(answers, {knock for knock, _ in knocks})
    return [(code, whose) for knock, whose in knocks if isinstance(code := answered[knock], int)]


def _connection_parameters() -> dict[str, Any]:
    parameters = django_connection.get_connection_params()
    for name in ("cursor_factory", "context", "prepare_threshold"):
        parameters.pop(name, None)
    return parameters
