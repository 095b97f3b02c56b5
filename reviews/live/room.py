"""One review that is being written: its document in memory, who is connected, and the way of an edit.

An edit is relayed to the others within some hundredths of a second, and stored; its writer is told "stored" after the
commit and not before. The other live processes hear of it from the database. Half a second later its text stands in
the rows.
"""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.db import Error as DatabaseError
from pycrdt import Doc, Text, create_sync_message, create_update_message, merge_updates

from reviews.live import protocol
from reviews.live.document import document_from
from reviews.live.gate import NO_ACCESS, TOO_MANY, Guest
from reviews.live.limit import Limit
from reviews.live.places import is_place, texts_in_rows
from reviews.live.protocol import Malformed, Presence
from reviews.live.store import Edit, append, bring_into_rows, open_document, updates_since
from reviews.live.threads import in_thread
from reviews.models import LiveDocument

MALFORMED = 4400
TOO_LONG = 4413
OTHER_DOCUMENT = 4409
COME_BACK = 1012
RELAY_AFTER = 0.008  # seconds for each connection: the more who write, the more is passed on together
STORE_AFTER = 0.03  # seconds in which edits are gathered for one commit
ROWS_AFTER = 0.4
ROWS_AFTER_OTHERS = 2.0  # the process that stored an update brings it into the rows, unless it died
MOST_OWN = 1000  # ids of updates that are remembered as stored from here
MOST_CLIENTS = 60  # that one connection speaks for; a browser also repeats what others of the same person say
PRESENT_FOR = 45.0  # a client says every 15 s that it is still there

_log = logging.getLogger(__name__)


@dataclass(eq=False)
class Connection:
    """One socket in a room."""

    guest: Guest
    outgoing: asyncio.Queue[bytes | int] = field(default_factory=lambda: asyncio.Queue(2000))
    received: int = 0
    clients: set[int] = field(default_factory=set)

    def send(self, message: bytes) -> None:
        """Hands a message to the socket; who does not keep up is dropped, and synchronises when it comes back."""
        try:
            self.outgoing.put_nowait(message)
        except asyncio.QueueFull:
            self.close(1013)

    def close(self, code: int) -> None:
        """Ends the connection; what waits to be sent is dropped."""
        while not self.outgoing.empty():
            self.outgoing.get_nowait()
        self.outgoing.put_nowait(code)


@dataclass(frozen=True)
class _Received:
    connection: Connection
    data: bytes
    places: list[str]
    count: int


class Room:
    """See the module. Everything here runs in the event loop; the database is asked in threads."""

    def __init__(self, review_pk: int, me: str, say: Callable[[int, list[list[Any]]], None]) -> None:
        self.review_pk = review_pk
        self.me = me
        self.say = say  # tells the other live processes who is here
        self.guid = ""
        self.doc: Doc = Doc()
        self.is_spoiled = False  # its document holds what is not to be stored; the next to come opens another room
        self.connections: set[Connection] = set()
        self.present: dict[int, tuple[Presence, float]] = {}
        self.empty_since = time.monotonic()
        self._seen = 0
        self._limit = Limit(self.doc)
        self._own: set[int] = set()
        self._watched: set[str] = set()
        self._touched: set[str] = set()
        self._subscriptions: list[object] = []
        self._to_relay: list[tuple[bytes, Connection | None]] = []
        self._received: list[_Received] = []
        self._something = asyncio.Event()
        self._behind = asyncio.Event()
        self._rows_at = 0.0
        self._tasks: list[asyncio.Task[None]] = []
        self._catching_up = asyncio.Lock()

    async def open(self) -> None:
        """Load the document; every text of the rows is in it afterwards."""
        document = await in_thread(open_document, self.review_pk)
        self.guid = str(document.guid)
        stored = await in_thread(updates_since, self.review_pk, 0)
        self.doc = document_from(data for _, data in stored)
        self._limit = Limit(self.doc)
        self._seen = stored[-1][0] if stored else 0
        for place in await in_thread(lambda: list(texts_in_rows(self.review_pk))):
            self._watch(place)
        self._tasks = [
            asyncio.create_task(self._forever(self._store_received)),
            asyncio.create_task(self._forever(self._bring_into_rows)),
        ]

    async def close(self) -> None:
        """Store what waits, then end."""
        if self._received:
            await self._store_batch()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._behind.is_set():
            await in_thread(bring_into_rows, self.review_pk)

    def enter(self, connection: Connection) -> None:
        """Greets a new connection: what does it hold, and who is here."""
        self.connections.add(connection)
        connection.send(create_sync_message(self.doc))
        self._send_presence(connection)

    def leave(self, connection: Connection) -> None:
        """Tells the others that somebody left."""
        self.connections.discard(connection)
        gone = [
            Presence(client, self.present[client][0].clock + 1, None)
            for client in connection.clients
            if client in self.present
        ]
        self._take_presence(gone, None)
        if not self.connections:
            self.empty_since = time.monotonic()

    def receive(self, connection: Connection, message: bytes) -> None:
        """One message of a client. Raises Malformed."""
        if len(message) < 2 and message != bytes([protocol.ASK_AWARENESS]):
            raise Malformed
        if message[0] == protocol.SYNC:
            self._receive_sync(connection, message)
        elif message[0] == protocol.AWARENESS:
            self._receive_presence(connection, protocol.read_presence(message))
        elif message[0] == protocol.ASK_AWARENESS:
            self._send_presence(connection)

    def receive_presence_elsewhere(self, presence: Presence) -> None:
        """Of somebody who is connected to another live process."""
        self._take_presence([presence], None, tell=False)

    def say_presence(self) -> None:
        """Tell the other live processes again who is here."""
        self._say([one for one, _ in self.present.values() if one.state is not None])

    async def catch_up(self) -> None:
        """Take what other processes stored."""
        async with self._catching_up:
            try:
                stored = await in_thread(updates_since, self.review_pk, self._seen, frozenset(self._own))
            except LiveDocument.DoesNotExist:
                self.close_all(NO_ACCESS)
                return
            for pk, data in stored:
                self._seen = max(self._seen, pk)
                if data:
                    self._apply(data)
                    self._limit.forget()
                    self._relay(data, None)
                    self._rows_due(ROWS_AFTER_OTHERS)
            self._own = {pk for pk in self._own if pk > self._seen}

    def close_all(self, code: int) -> None:
        """End every connection."""
        for connection in self.connections:
            connection.close(code)

    def _receive_sync(self, connection: Connection, message: bytes) -> None:
        payload = protocol.read_payload(message[2:])
        if message[1] == protocol.STEP_1:
            try:
                missing = self.doc.get_update(payload)
            except ValueError as problem:
                raise Malformed from problem
            connection.send(bytes([protocol.SYNC, protocol.STEP_2]) + create_update_message(missing)[2:])
        elif message[1] in (protocol.STEP_2, protocol.UPDATE):
            self._receive_update(connection, payload)
        else:
            raise Malformed

    def _receive_update(self, connection: Connection, data: bytes) -> None:
        if self.is_spoiled:
            return
        if not self._is_allowed(data):
            connection.close(TOO_LONG)
            return
        places: list[str] = []
        if data != protocol.NO_UPDATE:
            places = self._apply(data)
            if self._limit.is_broken(self._touched):
                self._spoil(connection)
                return
            self._relay(data, connection)
        connection.received += 1
        self._received.append(_Received(connection, data, places, connection.received))
        self._something.set()

    def _apply(self, data: bytes) -> list[str]:
        """Returns the places that it changed. Raises Malformed."""
        self._touched = set()
        try:
            self.doc.apply_update(data)
        except (ValueError, RuntimeError) as problem:
            raise Malformed from problem
        for place in set(self.doc.keys()) - self._watched:
            self._watch(place)
            self._touched.add(place)
        return sorted(filter(is_place, self._touched))

    def _watch(self, place: str) -> None:
        self._watched.add(place)
        text = self.doc.get(place, type=Text)
        self._subscriptions.append(text.observe(lambda event: self._touched.add(place)))

    def _is_allowed(self, data: bytes) -> bool:
        try:
            return data == protocol.NO_UPDATE or self._limit.allows(data)
        except (ValueError, RuntimeError) as problem:
            raise Malformed from problem

    def _spoil(self, culprit: Connection) -> None:
        """What was received before goes its way; everybody comes back to what the database holds."""
        self.is_spoiled = True
        self.close_all(COME_BACK)
        culprit.close(TOO_LONG)

    def _relay(self, data: bytes, source: Connection | None) -> None:
        """Each message costs every browser a repaint of its own, so that with ten writers some go together."""
        if not self._to_relay:
            asyncio.get_running_loop().call_later(RELAY_AFTER * len(self.connections), self._relay_now)
        self._to_relay.append((data, source))

    def _relay_now(self) -> None:
        waiting, self._to_relay = self._to_relay, []
        for connection in self.connections:
            news = [data for data, source in waiting if source is not connection]
            if news:
                connection.send(create_update_message(merge_updates(*news) if len(news) > 1 else news[0]))

    def _receive_presence(self, connection: Connection, states: list[Presence]) -> None:
        """Nobody speaks for another: states that name somebody else, or belong to another connection, are dropped."""
        own = [one for one in states if self._may_say(connection, one)]
        connection.clients.update(one.client for one in own if one.state is not None)
        if len(connection.clients) > MOST_CLIENTS:
            self._forget_absent()
            connection.clients &= self.present.keys() | {one.client for one in own}
        if len(connection.clients) > MOST_CLIENTS:
            connection.close(TOO_MANY)
            return
        self._take_presence(own, connection)

    def _may_say(self, connection: Connection, one: Presence) -> bool:
        person = connection.guest.person
        known = self.present.get(one.client)
        state = known[0].state if known and one.client not in connection.clients else None
        if state is not None and state.get("user", {}).get("pk") != person.pk:
            return False
        if one.state is None:
            return known is not None
        user = one.state.get("user")
        return isinstance(user, dict) and user.get("pk") == person.pk and user.get("name") == str(person)

    def _take_presence(self, states: list[Presence], source: Connection | None, *, tell: bool = True) -> None:
        newer = []
        for one in states:
            known = self.present.get(one.client)
            if known and (one.clock, one.state is None) <= (known[0].clock, known[0].state is None):
                continue
            self.present[one.client] = (one, time.monotonic())
            newer.append(one)
        self._forget_absent()
        if not newer:
            return
        message = protocol.presence_message(newer)
        for connection in self.connections:
            if connection is not source:
                connection.send(message)
        if tell:
            self._say(newer)

    def _say(self, states: list[Presence]) -> None:
        self.say(self.review_pk, [[one.client, one.clock, one.state] for one in states])

    def _forget_absent(self) -> None:
        oldest = time.monotonic() - PRESENT_FOR
        self.present = {client: known for client, known in self.present.items() if known[1] > oldest}

    def _send_presence(self, connection: Connection) -> None:
        self._forget_absent()
        here = [one for one, _ in self.present.values() if one.state is not None]
        if here:
            connection.send(protocol.presence_message(here))

    async def _store_received(self) -> None:
        await self._something.wait()
        await asyncio.sleep(STORE_AFTER)
        self._something.clear()
        if self._received:
            await self._store_batch()

    async def _store_batch(self) -> None:
        """Commits what was received; it stays in line until that succeeded."""
        batch = list(self._received)
        edits = []
        for person_pk, run in groupby(
            (one for one in batch if one.data != protocol.NO_UPDATE), key=lambda one: one.connection.guest.person.pk
        ):
            together = list(run)
            data = merge_updates(*(one.data for one in together)) if len(together) > 1 else together[0].data
            edits.append(Edit(data, sorted({place for one in together for place in one.places}), person_pk))
        if edits:
            try:
                self._own.update(await in_thread(append, self.review_pk, edits, self.me))
            except LiveDocument.DoesNotExist:
                self._received = []
                self.close_all(NO_ACCESS)
                return
            self._rows_due(ROWS_AFTER)
        self._received = self._received[len(batch) :]
        counts: Counter[Connection] = Counter()
        for one in batch:
            counts[one.connection] = max(counts[one.connection], one.count)
        for connection, count in counts.items():
            connection.send(protocol.stored_message(count))

    def _rows_due(self, seconds: float) -> None:
        due = time.monotonic() + seconds
        if not self._behind.is_set() or due < self._rows_at:
            self._rows_at = due
        self._behind.set()

    async def _bring_into_rows(self) -> None:
        await self._behind.wait()
        while (left := self._rows_at - time.monotonic()) > 0:
            await asyncio.sleep(min(left, ROWS_AFTER))  # it may have become due earlier meanwhile
        self._behind.clear()
        try:
            await in_thread(bring_into_rows, self.review_pk)
        except DatabaseError:
            self._rows_due(1.0)
            raise
        if len(self._own) > MOST_OWN:
            await self.catch_up()  # it forgets those that it has passed

    async def _forever(self, step: Callable[[], Awaitable[None]]) -> None:
        """Repeats a step; a database that is away is asked again until it is back."""
        while True:
            try:
                await step()
            except DatabaseError as problem:
                _log.warning("review %s: %s; trying again", self.review_pk, str(problem).strip())
                await asyncio.sleep(0.5)
                self._something.set()
            except Exception:
                _log.exception("review %s", self.review_pk)
                await asyncio.sleep(1)
                self._something.set()
