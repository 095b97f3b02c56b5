"""Many timeline lines at once: what each would become, with the problems of each beside it."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from core.dates import DateProblem, match_date
from timeline.lines import read_line, split_stamp
from timeline.models import EventKind

MOST_LINES = 500
_BULLET = re.compile(r"^\s{0,12}(?:[-*+•]|\d{1,3}[.)])\s+")

_SIGNS = {
    EventKind.RESOLUTION: ("resolved", "all clear", "incident closed", "back to normal", "fully recovered"),
    EventKind.MITIGATION: ("mitigated", "rolled back", "rollback complete", "failed over", "errors stop", "recovering"),
    EventKind.ESCALATION: ("escalated", "escalates", "paged", "pages ", "incident declared"),
    EventKind.DETECTION: ("alert fired", "alert fires", "alerts fire", "alerted", "detected", "first noticed"),
    EventKind.RESPONSE: ("acknowledged", "acks", "acked", "joins the call", "starts looking", "begins investigating"),
    EventKind.COMMUNICATION: ("status page", "notified customers", "announced", "posted an update"),
    EventKind.CHANGE: ("deployed", "deploys", "released", "merged", "config change", "migration applied"),
}


@dataclass
class PastedLine:
    """A line of the paste: number from 1, and either an aware instant in its zone with its words, or a problem."""

    number: int
    source: str
    at: datetime | None = None
    zone: str = "UTC"
    text: str = ""
    written: str = ""
    kind: str = EventKind.NOTE
    problem: str = ""

    @property
    def instant(self) -> datetime:
        """The instant of a line without a problem."""
        if self.at is None:
            raise ValueError(f"line {self.number} has no instant: {self.problem}")
        return self.at


def read_paste(lines: str, *, day: date | None, zone: str) -> list[PastedLine]:
    """Each event of the paste in its order. A line that only names a day sets it for those below; a line that
    begins with no time belongs to the event above it. Never raises: a line's problem stands on it.
    """
    found: list[PastedLine] = []
    previous: datetime | None = None
    for number, source in enumerate(lines.splitlines(), 1):
        if not source.strip():
            continue
        if len(found) == MOST_LINES:
            found.append(PastedLine(number, source, problem=f"Only {MOST_LINES} events fit in one paste."))
            break
        try:
            heading = _day_alone(source)
            if heading is not None:
                day, previous = heading, None
                continue
            if found and not found[-1].problem and _has_no_time(source):
                found[-1].text += "\n" + source.strip()
                continue
            line = read_line(source, day=day, zone=zone, previous=previous)
        except (ValueError, OverflowError) as problem:
            found.append(PastedLine(number, source, problem=str(problem)))
            continue
        previous = line.at
        day = line.at.date()
        if line.text.strip():
            found.append(PastedLine(number, source, line.at, line.zone, line.text, line.written, kind_of(line.text)))
        else:
            found.append(PastedLine(number, source, problem="This line has a time but says nothing."))
    return found


def kind_of(text: str) -> str:
    """The kind that the words of an event suggest; a note where they suggest none."""
    words = text.casefold()
    return next((kind for kind, signs in _SIGNS.items() if any(sign in words for sign in signs)), EventKind.NOTE)


def _has_no_time(line: str) -> bool:
    stamp = split_stamp(_BULLET.sub("", line, count=1))
    return stamp is None or stamp.time is None


def _day_alone(line: str) -> date | None:
    """The day of a line that says nothing else, such as a heading "## 14 March 2026"."""
    words = line.strip().strip("#*_: ").strip()
    match = match_date(words)
    if match is None or match.year is None or words[match.end :].strip(" ,:#*_"):
        return None
    try:
        return match.on(match.year)
    except DateProblem:
        return None
