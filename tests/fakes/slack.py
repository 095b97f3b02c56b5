"""A Slack that keeps what it is told: the two methods of its Web API that are used, and incoming webhooks.

Forms, answers and errors are those of https://docs.slack.dev: a method answers 200 with `ok`, too many calls are
answered 429 with Retry-After, a webhook answers in plain text.
"""

import json
import threading
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs

TOKEN = "xoxb-test"
WEBHOOK = "/services/T0001/B0001/secret"


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.calls.append(self.path)
        if self.server.mishaps:
            mishap = self.server.mishaps.popleft()
            if mishap is None:  # hangs up without a word
                self.server.take(self.path, self.headers.get("Content-Type", ""), body)
                self.close_connection = True
                return
            status, headers, text = mishap
            self._answer(status, text, headers)
        elif self.path.startswith("/services/"):
            self._webhook(body)
        elif self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self._answer(200, json.dumps({"ok": False, "error": "invalid_auth"}))
        else:
            self._answer(200, json.dumps(self.server.take(self.path, self.headers.get("Content-Type", ""), body)))

    def _webhook(self, body: bytes) -> None:
        if self.path != WEBHOOK:
            self._answer(404, "no_service")
            return
        self.server.posts.append(json.loads(body) | {"channel": "webhook"})
        self._answer(200, "ok")

    def _answer(self, status: int, text: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: Any) -> None:
        """Quietly."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.members: dict[str, str] = {}
        self.posts: list[dict[str, Any]] = []
        self.calls: list[str] = []
        self.mishaps: deque[tuple[int, dict[str, str], str] | None] = deque()

    def take(self, path: str, kind: str, body: bytes) -> dict[str, Any]:
        """What the Web API answers."""
        if path == "/api/users.lookupByEmail" and kind == "application/x-www-form-urlencoded":
            key = self.members.get(parse_qs(body.decode()).get("email", [""])[0])
            return {"ok": True, "user": {"id": key}} if key else {"ok": False, "error": "users_not_found"}
        if path == "/api/chat.postMessage" and kind.startswith("application/json"):
            message = json.loads(body)
            if message["channel"] not in self.members.values():
                return {"ok": False, "error": "channel_not_found"}
            if not message.get("text") or any(
                len(block["text"]["text"]) > 3000 for block in message["blocks"] if block["type"] == "section"
            ):
                return {"ok": False, "error": "invalid_blocks"}
            self.posts.append(message)
            return {"ok": True, "channel": "D0001", "ts": f"1764576000.{len(self.posts):06}"}
        return {"ok": False, "error": "unknown_method"}


class SlackServer:
    """Runs within a `with`; `posts` holds what was posted."""

    def __init__(self) -> None:
        self._server = _Server()
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def posts(self) -> list[dict[str, Any]]:
        """The messages, in the order in which they came."""
        return self._server.posts

    @property
    def calls(self) -> list[str]:
        """The paths that were asked for."""
        return self._server.calls

    def add_member(self, email: str, key: str = "U0001") -> None:
        """Somebody who is there."""
        self._server.members[email] = key

    def answer_next(self, status: int, text: str, headers: dict[str, str] | None = None) -> None:
        """Answer the next call so, whatever it is."""
        self._server.mishaps.append((status, headers or {}, text))

    def hang_up_next(self) -> None:
        """Take the next call, and answer nothing."""
        self._server.mishaps.append(None)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
