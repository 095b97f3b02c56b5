"""The four fakes behind one port."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from tests.fakes.trackers.exchange import Asked, FakeTracker
from tests.fakes.trackers.github import FakeGitHub
from tests.fakes.trackers.gitlab import FakeGitLab
from tests.fakes.trackers.jira import FakeJira
from tests.fakes.trackers.linear import FakeLinear


class FakeTrackers:
    """Runs within a `with`."""

    def __init__(self) -> None:
        self._server = _Server(self)
        self.origin = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.github = FakeGitHub(self.origin)
        self.gitlab = FakeGitLab(self.origin)
        self.jira = FakeJira(self.origin)
        self.linear = FakeLinear(self.origin)

    def serving(self, path: str) -> tuple[FakeTracker, str] | None:
        """Whose address that is, and the path below its API."""
        found: tuple[tuple[FakeTracker, str], ...] = (
            (self.github, "/api/v3"),
            (self.gitlab, "/gitlab/api/v4"),
            (self.jira, "/jira/rest/api"),
            (self.linear, "/graphql"),
        )
        for fake, api in found:
            if path.startswith(api):
                return fake, path.removeprefix(api)
        return None

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=[0.02], daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "_Server"

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        found = self.server.fakes.serving(parts.path)
        if found is None:
            self._send(404, None, {})
            return
        fake, path = found
        asked = Asked(self.command, path, dict(parse_qsl(parts.query)), self.headers, body)
        said = fake.answer(asked)
        time.sleep(fake.slow)
        if fake.loses_next_change and fake.is_change(asked):
            fake.loses_next_change = False
            self.close_connection = True
            return
        self._send(said.status, said.json, said.headers)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve

    def _send(self, status: int, said: Any, headers: dict[str, str]) -> None:
        content = b"" if said is None else json.dumps(said).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json; charset=utf-8", **headers}.items():
            self.send_header(name, value)
        if status not in (204, 304):
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: Any) -> None:
        """Quiet."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, fakes: FakeTrackers) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.fakes = fakes

    def handle_error(self, *args: Any) -> None:
        """A client that went away is no news."""
