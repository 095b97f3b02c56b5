"""What an imported write-up holds, before any of it is stored."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime


class UnreadableDocument(ValueError):
    """The file cannot be taken as a write-up at all; the message tells a person why."""


@dataclass
class ParsedEvent:
    """`occurred_at` is aware; `zone` is an IANA name, "UTC" or "+02:00"; `written_as` the time as it stood there."""

    occurred_at: datetime
    zone: str
    kind: str
    text: str
    written_as: str
    line: int
    is_date: bool = False  # only the day is stated; occurred_at is its midnight


@dataclass
class ParsedAction:
    """`owner` as written, '' if nobody is named; `kind` is prevent, detect, mitigate or process."""

    title: str
    line: int
    details: str = ""
    owner: str = ""
    done: bool = False
    dropped: bool = False  # struck through: written down and given up
    due: date | None = None
    kind: str = "prevent"
    tracker_url: str = ""


@dataclass
class ParsedFactor:
    """A condition that made the incident possible, in Markdown."""

    text: str


@dataclass
class ParsedWhy:
    """A question, its answer, and the questions that the answer raised."""

    question: str
    answer: str
    children: list[ParsedWhy] = field(default_factory=list)


SECTION_KEYS = ("summary", "impact", "narrative", "went_well", "went_badly", "lucky", "lessons")


@dataclass
class ParsedReview:
    """Everything found in one file. Times that the text does not state are None; `problems` are for the user."""

    title: str = ""
    occurred_at: datetime | None = None
    occurred_is_date: bool = False
    detected_at: datetime | None = None
    mitigated_at: datetime | None = None
    resolved_at: datetime | None = None
    zone: str = "UTC"
    severity: str | None = None
    services: list[str] = field(default_factory=list)
    services_stated: bool = False  # by front matter or a line of facts, not taken from title or prose
    causes: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    sections: dict[str, str] = field(default_factory=lambda: dict.fromkeys(SECTION_KEYS, ""))
    events: list[ParsedEvent] = field(default_factory=list)
    actions: list[ParsedAction] = field(default_factory=list)
    factors: list[ParsedFactor] = field(default_factory=list)
    whys: list[ParsedWhy] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    telling: str = ""  # where it says what happened: summary, impact and the opening of the account
