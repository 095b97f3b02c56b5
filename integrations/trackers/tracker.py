"""What Debrief needs of a tracker. A new one is a class of this shape, and a line in `registry.py`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from actions.models import ActionStatus
from core.text import storable
from integrations.models import TrackerConnection

Headers = Mapping[str, str]
CLOCKS_DIFFER = timedelta(minutes=10)  # at most, the tracker's and ours


@dataclass(frozen=True)
class Place:
    """Where an issue is: "acme/payments" and "12", "OPS" and "OPS-12"."""

    project: str
    key: str


@dataclass(frozen=True)
class Issue:
    """An issue as the tracker has it now. `changed_at` is when its status changed, as near as the tracker says."""

    place: Place
    id: str
    url: str
    title: str
    status: ActionStatus
    changed_at: datetime | None
    text: str = field(default="", repr=False)


@dataclass(frozen=True)
class NewIssue:
    """What to create. `text` is Markdown and holds `reference`, so that it is found again after a crash."""

    title: str
    text: str
    reference: str


@dataclass(frozen=True)
class Changes:
    """The issues of a project that changed since some time, and what to ask with next."""

    issues: list[Issue]
    since: datetime
    etag: str = ""


@dataclass(frozen=True)
class Delivery:
    """A webhook: its own name, and the issue that it is about, if it is about one."""

    id: str
    place: Place | None = None
    issue_id: str = ""


class Tracker(Protocol):
    """One connection's tracker. Whatever asks it raises Trouble where that does not work."""

    def __init__(self, connection: TrackerConnection) -> None: ...

    def recognise(self, url: str) -> Place | None:
        """The issue whose page has that address, if it is one of this tracker's. Asks nobody."""

    def shows(self, status: str) -> ActionStatus:
        """What an item's status becomes over there: one without "in progress" shows it as open."""

    def fetch(self, place: Place) -> Issue:
        """The issue as it is now; Gone where there is none. It may have moved: its place says where it is."""

    def create(self, project: str, new: NewIssue) -> Issue:
        """Create an issue."""

    def find_created(self, project: str, reference: str, since: datetime) -> Issue | None:
        """The issue that `create` made since then although its answer was lost."""

    def set_status(self, issue: Issue, status: ActionStatus) -> Issue:
        """Give it a status of `shows`, and nothing else."""

    def changed_since(self, project: str, since: datetime, etag: str) -> Changes:
        """What changed; nothing where `etag` still holds."""

    def probe(self, project: str) -> str:
        """Whether the project can be read, in words; Trouble where not."""

    @staticmethod
    def delivered(headers: Headers, query: Mapping[str, str], body: bytes, secret: str) -> Delivery | None:
        """What a webhook tells; None where it is not signed with `secret`. ValueError where it cannot be read."""


def dig(found: Any, *path: str | int) -> Any:
    """What stands at a path of decoded JSON; None where it has another shape."""
    for step in path:
        if isinstance(step, str) and isinstance(found, dict):
            found = found.get(step)
        elif isinstance(step, int) and isinstance(found, list) and len(found) > step:
            found = found[step]
        else:
            return None
    return found


def text_at(found: Any, *path: str | int) -> str:
    """The same as text: numbers are written out, anything else is empty."""
    value = dig(found, *path)
    if isinstance(value, str):
        return storable(value)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def instant_at(found: Any, *path: str | int) -> datetime | None:
    """The instant there, with its zone; None where there is none that can be read."""
    try:
        read = datetime.fromisoformat(text_at(found, *path))
    except ValueError:
        return None
    return read if read.tzinfo else None


def utc_text(at: datetime) -> str:
    """2026-03-14T12:00:00Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
