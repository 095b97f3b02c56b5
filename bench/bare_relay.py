"""The reference for writing together: a socket that passes on what it gets, without document, database or access."""

from typing import Any

_sockets: set[Any] = set()


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """ASGI: every binary message goes to every other socket."""
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return
    if scope["type"] != "websocket":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"ok"})
        return
    await receive()
    await send({"type": "websocket.accept"})
    _sockets.add(send)
    try:
        while (message := await receive())["type"] != "websocket.disconnect":
            for other in list(_sockets):
                if other is not send:
                    await other({"type": "websocket.send", "bytes": message.get("bytes")})
    finally:
        _sockets.discard(send)
