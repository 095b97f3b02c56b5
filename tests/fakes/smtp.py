"""A mail server that keeps what it is given."""

import email
import email.policy
import socketserver
import threading
from email.message import EmailMessage
from typing import Self


class _Session(socketserver.StreamRequestHandler):
    server: "_Server"

    def handle(self) -> None:
        self._say("220 here")
        while line := self.rfile.readline():
            verb = line.strip().upper()
            if verb == b"DATA":
                self._say("354 go on")
                self._take()
                self._say("250 kept")
            elif verb == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 fine")

    def _take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        message = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.server.messages.append(message)

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.messages: list[EmailMessage] = []


class SmtpServer:
    """Runs within a `with`; `messages` holds what came."""

    def __init__(self) -> None:
        self._server = _Server()
        self.port: int = self._server.server_address[1]

    @property
    def messages(self) -> list[EmailMessage]:
        """In the order in which they came."""
        return self._server.messages

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
