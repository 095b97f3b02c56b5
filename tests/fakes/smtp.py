"""A mail server that keeps what it is given."""

import email
import email.policy
import socketserver
import threading
from collections.abc import Callable
from contextlib import suppress
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
                message = self._read()
                self.server.told("read")
                if self.server.refusal:
                    self._say(self.server.refusal)
                    continue
                self.server.messages.append(message)
                self.server.told("kept")
                self._say("250 kept")
                self.server.told("confirmed")
            elif verb == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 fine")

    def _read(self) -> EmailMessage:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        message = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        return message

    def _say(self, words: str) -> None:
        with suppress(BrokenPipeError, ConnectionResetError):
            self.wfile.write(f"{words}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.messages: list[EmailMessage] = []
        self.refusal = ""
        self.told: Callable[[str], None] = lambda _: None

    def handle_error(self, *_: object) -> None:
        """A client that was killed is none of our trouble."""


class SmtpServer:
    """Runs within a `with`; `messages` holds what came."""

    def __init__(self) -> None:
        self._server = _Server()
        self.port: int = self._server.server_address[1]

    @property
    def messages(self) -> list[EmailMessage]:
        """In the order in which they came."""
        return self._server.messages

    def refuse(self, reply: str) -> None:
        """Answer each message with `reply` ("451 later"); with "" take them again."""
        self._server.refusal = reply

    def tell(self, listener: Callable[[str], None]) -> None:
        """Call `listener` at each step of a message: "read", "kept", "confirmed"."""
        self._server.told = listener

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
