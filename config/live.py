"""The live application: sockets for writing together, and event streams that tell pages what changed.

A small ASGI application in a process of its own; it renders no page (docs/architecture.md says why).
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("DEBRIEF_CONNECTION_POOL", "1")
django.setup()

from starlette.applications import Starlette  # noqa: E402
from starlette.requests import Request  # noqa: E402
from starlette.responses import PlainTextResponse, Response, StreamingResponse  # noqa: E402
from starlette.routing import Route, WebSocketRoute  # noqa: E402
from starlette.websockets import WebSocket, WebSocketDisconnect  # noqa: E402

from reviews.live.gate import (  # noqa: E402
    NOT_NOW,
    TOO_MANY,
    Refused,
    admit,
    is_own_page,
    number_in,
    session_key_in,
)
from reviews.live.hub import Hub, Listener  # noqa: E402
from reviews.live.protocol import Malformed  # noqa: E402
from reviews.live.room import MALFORMED, OTHER_DOCUMENT, Connection, Room  # noqa: E402
from reviews.live.threads import in_thread  # noqa: E402

STILL_HERE_EVERY = 15.0  # seconds; proxies cut streams that say nothing for long

hub = Hub()


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    """Listening to the database lasts as long as the application."""
    await hub.start()
    yield
    await hub.stop()


async def write(socket: WebSocket) -> None:
    """A socket for one editor page."""
    await socket.accept()  # a refusal before this reaches no script as a code
    try:
        if not is_own_page(socket.headers):
            raise Refused(NOT_NOW)
        number = number_in(socket.path_params)
        guest = await in_thread(admit, session_key_in(socket.headers), number, to_edit=True)
    except Refused as refusal:
        await socket.close(refusal.code)
        return
    room = await hub.room_of(guest.review_pk)
    if socket.query_params.get("guid") != room.guid:
        await socket.close(OTHER_DOCUMENT)
        return
    if not hub.may_connect(guest.person):
        await socket.close(TOO_MANY)
        return
    connection = Connection(guest)
    room.enter(connection)
    try:
        async with asyncio.TaskGroup() as both:
            receiving = both.create_task(_receive(socket, room, connection))
            sending = both.create_task(_send(socket, connection))
            receiving.add_done_callback(lambda _: sending.cancel())
            sending.add_done_callback(lambda _: receiving.cancel())
    finally:
        room.leave(connection)


async def _receive(socket: WebSocket, room: Room, connection: Connection) -> None:
    try:
        while True:
            room.receive(connection, await socket.receive_bytes())
    except Malformed:
        connection.close(MALFORMED)
        await asyncio.sleep(1)  # so that the code is sent
    except (WebSocketDisconnect, KeyError, RuntimeError):
        return  # it is gone, or sent text


async def _send(socket: WebSocket, connection: Connection) -> None:
    while True:
        message = await connection.outgoing.get()
        try:
            if isinstance(message, int):
                await socket.close(message)
                return
            await socket.send_bytes(message)
        except (WebSocketDisconnect, RuntimeError, OSError):
            return


async def events(request: Request) -> Response:
    """The stream that tells one editor page what others changed."""
    if not is_own_page(request.headers):
        return PlainTextResponse("Not from here.", 403)
    allowed = {"Cache-Control": "no-store", "Vary": "Origin"}
    if origin := request.headers.get("origin"):
        allowed |= {"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Credentials": "true"}
    try:
        key = session_key_in(request.headers)
        guest = await in_thread(admit, key, number_in(request.path_params), to_edit=False)
    except Refused:
        return PlainTextResponse("There is nothing here.", 404, headers=allowed)
    if not hub.may_listen(guest.person):
        return PlainTextResponse("Too many pages are open.", 429, headers=allowed)
    stream = _stream(Listener(guest))
    return StreamingResponse(stream, media_type="text/event-stream", headers={**allowed, "X-Accel-Buffering": "no"})


async def _stream(listener: Listener) -> AsyncIterator[bytes]:
    hub.listeners.add(listener)
    try:
        yield b"retry: 2000\n\nevent: ready\ndata: {}\n\n"
        while True:
            try:
                event = await asyncio.wait_for(listener.events.get(), STILL_HERE_EVERY)
            except TimeoutError:
                event = b": still here\n\n"
            if event is None:
                return
            yield event
    finally:
        hub.listeners.discard(listener)


async def health(request: Request) -> Response:
    """Whether the process runs."""
    return PlainTextResponse("ok")


application = Starlette(
    routes=[
        WebSocketRoute("/live/{number}", write),
        Route("/live/{number}/events", events),
        Route("/live/healthz", health),
    ],
    lifespan=lifespan,
)
