"""Timeline entries while they are being read: as written first, as instants once day and zone are known."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from core.instants import localise
from core.zone_words import UTC, Zone, settle
from reviews.importing.document import ParsedEvent
from reviews.importing.kinds import kind_of
from reviews.importing.lines import Line, joined
from timeline.lines import Stamp

_ROLLOVER = timedelta(hours=6)


@dataclass
class Entry:
    """One timeline entry as found. `lines` are its source, to be put back should no instant come of it."""

    stamp: Stamp
    day: date
    line: int
    form: str  # list, heading, paragraph or table
    zone: Zone | None
    indent: int = 0
    content: int = 0
    text: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    @property
    def naive(self) -> datetime:
        """The wall-clock time as read."""
        return datetime.combine(self.day, self.stamp.time or time())


def next_day(day: date, at: time, before: datetime | None) -> date:
    """The day of a time without a date, given the entry before it: past midnight when it jumps back six hours."""
    if before is not None and before.date() == day and before - datetime.combine(day, at) > _ROLLOVER:
        return day + timedelta(days=1)
    return day


def common_zone(entries: list[Entry]) -> Zone | None:
    """The zone that all entries with a zone agree on."""
    zones = Counter(entry.zone for entry in entries if entry.zone is not None)
    return next(iter(zones)) if len({(z.name, z.minutes) for z in zones}) == 1 else None


def common_zone_of(events: list[ParsedEvent]) -> Zone | None:
    """The zone in which all events were told, if it is one."""
    names = {event.zone for event in events}
    return Zone(names.pop()) if len(names) == 1 else None


def to_events(entries: list[Entry], fallback: Zone | None, problems: list[str]) -> list[ParsedEvent]:
    """Entries as events in the order written; times whose zone nobody states are read as UTC, with a problem noted."""
    fallback = common_zone(entries) or fallback
    unzoned = [entry for entry in entries if entry.zone is None and entry.stamp.time is not None]
    if fallback is None and unzoned:
        problems.append(
            f"Line {unzoned[0].line}: no time zone is stated; {unzoned[0].stamp.written} "
            + (f"and {len(unzoned) - 1} more times were" if len(unzoned) > 1 else "was")
            + " read as UTC."
        )
    assumed: set[str] = set()
    events = []
    for entry in entries:
        zone = entry.zone or fallback or UTC
        if zone.written == "IST" and not assumed:
            assumed.add("IST")
            problems.append(f"Line {entry.line}: IST was read as India Standard Time.")
        at, name = _instant(entry, zone, problems)
        text = joined(entry.text)
        events.append(
            ParsedEvent(
                occurred_at=at,
                zone=name,
                kind=kind_of(text),
                text=text,
                written_as=entry.stamp.written,
                line=entry.line,
                is_date=entry.stamp.time is None,
            )
        )
    return events


def _instant(entry: Entry, zone: Zone, problems: list[str]) -> tuple[datetime, str]:
    if entry.stamp.time is None:
        return settle(entry.naive, Zone(zone.name, None) if zone.name != "UTC" else zone)
    try:
        found = localise(entry.naive, zone)
    except ValueError as problem:
        problems.append(f"Line {entry.line}: {problem}")
        return settle(entry.naive, zone)
    if zone.minutes and found.zone[:1] in "+-" and zone.written.isalpha():
        note = f"{zone.written} was read as {found.zone} although clocks there showed another time on {entry.day}."
        if not any(note[:20] in problem for problem in problems):
            problems.append(f"Line {entry.line}: {note}")
    return found.at, found.zone
