"""Requests and answers as the fakes see them, and what all of them can do."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

TOKEN = "t0ken"
SECRET = "s3cret"


@dataclass
class Asked:
    """A request."""

    method: str
    path: str
    query: dict[str, str]
    headers: Any
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Said:
    """An answer; None has no body."""

    status: int
    json: Any = None
    headers: dict[str, str] = field(default_factory=dict)


class FakeTracker:
    """What is asked is kept in `asked`. `fails_with` makes every answer an error, `limited_for` a limit of seconds."""

    kind = ""
    prefix = ""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.token = TOKEN
        self.asked: list[Asked] = []
        self.fails_with = 0
        self.limited_for: int | None = None
        self.slow = 0.0
        self.loses_next_change = False
        self.issues: dict[Any, dict[str, Any]] = {}
        self._numbers = 0

    @property
    def base(self) -> str:
        """The address that an administrator types."""
        return f"{self.origin}{self.prefix}"

    @property
    def changes_asked(self) -> list[Asked]:
        """The requests that were to change something."""
        return [one for one in self.asked if self.is_change(one)]

    def is_change(self, asked: Asked) -> bool:
        return asked.method != "GET"

    def answer(self, asked: Asked) -> Said:
        """Whatever the tracker would."""
        self.asked.append(asked)
        if self.fails_with:
            return Said(self.fails_with, None)
        if self.limited_for is not None:
            return self.limited()
        if not self.knows(asked):
            return self.unknown_token()
        return self.route(asked)

    def limited(self) -> Said:
        return Said(429, {"message": "Too Many Requests"}, {"Retry-After": str(self.limited_for)})

    def knows(self, asked: Asked) -> bool:
        raise NotImplementedError

    def unknown_token(self) -> Said:
        return Said(401, {"message": "401 Unauthorized"})

    def route(self, asked: Asked) -> Said:
        raise NotImplementedError

    def next_number(self) -> int:
        self._numbers += 1
        return self._numbers


def now(milliseconds: bool = False) -> str:
    """As trackers write an instant."""
    at = datetime.now(UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z") if milliseconds else f"{at:%Y-%m-%dT%H:%M:%SZ}"


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
