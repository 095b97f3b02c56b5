"""Reads a timeline section: lists, tables, headings or lines that start with a time."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from reviews.importing.document import ParsedEvent
from reviews.importing.events import Entry, next_day, to_events
from reviews.importing.lines import Line, dedent, item_of
from reviews.importing.outline import heading_at
from reviews.importing.plain import plain
from reviews.importing.setting import ASSUMED, Setting, dates_in, stated_zone
from reviews.importing.tables import Table, table_at
from reviews.importing.timetable import read_table
from timeline.lines import Stamp, split_stamp

_STAMP_LENGTH = 4000


@dataclass
class Reading:
    """What came of a timeline: events, the lines that are no part of any, and problems."""

    events: list[ParsedEvent] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read_timeline(lines: list[Line], setting: Setting) -> Reading:
    """Turn the lines of a timeline into events. Words that belong to no event are returned, in order."""
    reader = _Reader(lines, setting)
    reader.run()
    reading = Reading(problems=reader.problems)
    entries = [piece for piece in reader.pieces if isinstance(piece, Entry)]
    reading.events = to_events(entries, reader.setting.zone, reading.problems)
    reading.left = [piece for piece in reader.pieces if isinstance(piece, str)]
    return reading


class _Reader:
    """One pass over the lines. `pieces` collects entries and left-over lines in the order they came."""

    def __init__(self, lines: list[Line], setting: Setting) -> None:
        self.lines = lines
        self.setting = setting
        self.problems: list[str] = []
        self.pieces: list[Entry | str] = []
        self.current: Entry | None = None
        self.before: datetime | None = None
        self.fixed: date | None = None  # "unless noted, all events happened on ..."
        self.last_start = self._last_start()
        self.timed = any(self._stamp_of_start(n, quiet=True) is not None for n in range(len(lines)))

    def _last_start(self) -> int:
        """Index of the last line that starts an entry: text after it that is not indented closes the timeline."""
        for at in range(len(self.lines) - 1, -1, -1):
            if self._stamp_of_start(at, quiet=True) is not None:
                return at
        return -1

    def _stamp_of_start(self, at: int, *, quiet: bool = False) -> Stamp | None:
        """The stamp with a time of day that this line starts with as a heading, item or paragraph."""
        line = self.lines[at]
        if line.opaque or line.blank:
            return None
        found = heading_at(self.lines, at)
        item = item_of(line)
        text = found[1] if found else item.text if item else line.text
        stamp = self._stamp(text, line, quiet=quiet)
        return stamp if stamp is not None and stamp.time is not None else None

    def _stamp(self, text: str, line: Line, *, quiet: bool = False) -> Stamp | None:
        if text[:60].lstrip(" *_`[(~").lower()[:1] not in "0123456789jfmasondtwecl≈":
            return None
        try:
            return split_stamp(text[:_STAMP_LENGTH], order=self.setting.order, assume=ASSUMED)
        except ValueError as problem:
            if not quiet:
                self.problems.append(f"Line {line.number}: {problem}")
            return None

    def run(self) -> None:
        at = 0
        while at < len(self.lines):
            line = self.lines[at]
            table = table_at(self.lines, at)
            if table is not None and self._take_table(table):
                at = table.end
                continue
            heading = heading_at(self.lines, at)
            if heading is not None:
                self._take_heading(at, heading)
                at += heading[2]
                continue
            if line.opaque or line.blank:
                self._take_text(at)
            elif item_of(line) is not None:
                self._take_item(at)
            else:
                self._take_paragraph(at)
            at += 1

    # -- forms ---------------------------------------------------------------------------------------------

    def _take_table(self, table: Table) -> bool:
        reading = read_table(table, self.setting, self.before)
        if reading is None:
            return False
        self.current = None
        self.problems += reading.problems
        self.pieces += reading.pieces
        entries = [piece for piece in reading.pieces if isinstance(piece, Entry)]
        if entries:
            self._advance(entries[-1].naive)
        return True

    def _take_heading(self, at: int, heading: tuple[int, str, int]) -> None:
        level, title, count = heading
        line = self.lines[at]
        stamp = self._stamp(title, line)
        if stamp is not None and (stamp.time is not None or (stamp.rest and not self.timed)):
            if self._start(stamp, line, "heading", indent=level):
                return
        elif stamp is not None and stamp.day is not None:
            if not stamp.rest and self._tells_itself(at + count) and self._start(stamp, line, "heading", indent=level):
                return
            if self._set_day(stamp, line):
                if stamp.rest:
                    self._leave(at, count)
                return
        if self.current is not None and self.current.form == "heading" and level > self.current.indent:
            self._extend(self.lines[at : at + count])
            return
        self.current = None
        self.setting = self.setting.read(plain(title), loose=True)
        self._leave(at, count)

    def _take_item(self, at: int) -> None:
        line = self.lines[at]
        item = item_of(line)
        if item is None:
            return
        stamp = self._stamp(item.text, line)
        current = self.current
        if stamp is not None and stamp.time is None and not stamp.rest and self._set_day(stamp, line):
            return
        if stamp is not None and (stamp.time is not None or stamp.rest):
            has_words = stamp.rest or self._has_body(at, item.indent)
            nested = current is not None and current.form == "list" and item.indent > current.indent
            starts = has_words and not (nested and stamp.time is None)
            if starts and self._start(stamp, line, "list", indent=item.indent, content=item.content):
                return
        if current is not None and (
            item.indent > current.indent or current.form != "list" or at < self.last_start or item.indent > 0
        ):
            self._extend([line])
            return
        self.current = None
        self._leave(at, 1)

    def _take_paragraph(self, at: int) -> None:
        line = self.lines[at]
        current = self.current
        opens = at == 0 or self.lines[at - 1].blank or self.lines[at - 1].opaque or current is None
        stamp = None
        if line.indent <= 3 and (opens or current is None or current.form == "paragraph"):
            stamp = self._stamp(line.text, line)
        if stamp is not None and stamp.time is None and self._only_a_day(stamp) and self._set_day(stamp, line):
            if stamp.rest.strip("*_ "):
                self.setting = replace(self.setting, zone=stated_zone(stamp.rest) or self.setting.zone)
                self._leave(at, 1)
            return
        if stamp is not None and (stamp.time is not None or (stamp.rest and opens)):
            closed_off = stamp.rest or self._has_body(at, line.indent)
            if closed_off and self._start(stamp, line, "paragraph"):
                return
        if current is None and stamp is None:
            self.setting = self._stated(line.text)
        self._take_text(at)

    def _take_text(self, at: int) -> None:
        """A line that starts nothing: it continues the current entry, or is left over."""
        line = self.lines[at]
        current = self.current
        if current is None:
            self._leave(at, 1)
            return
        ended = at > 0 and self.lines[at - 1].blank and not line.blank
        outside = line.indent <= current.indent and not line.opaque
        if current.form == "list" and ended and outside:
            self.current = None
            self.setting = self._stated(line.text)
            self._leave(at, 1)
            return
        if current.form == "paragraph" and ended and line.indent <= 3 and at > self.last_start and not line.opaque:
            self.current = None
            self._leave(at, 1)
            return
        self._extend([line])

    # -- entries -------------------------------------------------------------------------------------------

    def _start(self, stamp: Stamp, line: Line, form: str, *, indent: int = 0, content: int = 0) -> bool:
        try:
            day = self._day_of(stamp)
        except ValueError as problem:
            self.problems.append(f"Line {line.number}: {problem}")
            return False
        if day is None:
            self.problems.append(f"Line {line.number}: no date is stated for {stamp.written}.")
            return False
        entry = Entry(stamp, day, line.number, form, stamp.zone or self.setting.zone, indent, content)
        entry.text.append(stamp.rest)
        self.current = entry
        self.pieces.append(entry)
        if stamp.time is not None:
            self._advance(entry.naive)
        else:
            self.setting = replace(self.setting, day=day)
            self.before = None
        return True

    def _tells_itself(self, at: int) -> bool:
        """Whether the text under a day's heading is an account of that day, not a list of times or further headings."""
        while at < len(self.lines) and self.lines[at].blank:
            at += 1
        if at >= len(self.lines) or heading_at(self.lines, at) is not None or table_at(self.lines, at) is not None:
            return False
        return not any(
            self._stamp_of_start(n, quiet=True) is not None
            for n in range(at, min(at + 30, len(self.lines)))
            if heading_at(self.lines, n) is None
        )

    def _only_a_day(self, stamp: Stamp) -> bool:
        """Whether nothing follows the day, or only what zone the times are in."""
        rest = stamp.rest.strip("*_ ()")
        return not rest or (
            len(rest) < 60 and stated_zone(rest) is not None and re.search(r"\btimes?\b", rest) is not None
        )

    def _day_of(self, stamp: Stamp) -> date | None:
        if stamp.day is not None:
            return self.setting.resolve(stamp.day)
        if self.setting.day is None or stamp.time is None:
            return None
        if self.fixed is not None and self.setting.day < self.fixed:
            return self.fixed
        return next_day(self.setting.day, stamp.time, self.before)

    def _advance(self, naive: datetime) -> None:
        self.before = naive
        self.setting = replace(self.setting, day=naive.date())

    def _set_day(self, stamp: Stamp, line: Line) -> bool:
        if stamp.day is None:
            return False
        try:
            day = self.setting.resolve(stamp.day)
        except ValueError as problem:
            self.problems.append(f"Line {line.number}: {problem}")
            return False
        if day is None:
            return False
        self.setting = replace(self.setting, day=day)
        self.before = None
        self.current = None
        return True

    def _has_body(self, at: int, indent: int) -> bool:
        """Whether text of its own follows a line that is only a time."""
        for line in self.lines[at + 1 :][:3]:
            if not line.blank:
                return line.opaque or line.indent > indent or item_of(line) is None
        return False

    def _stated(self, text: str) -> Setting:
        zone = stated_zone(text)
        days = dates_in(plain(text), self.setting) if len(text) < 120 or "times" in text else []
        if days and re.search(r"\b(?:all|otherwise)\b", text, re.IGNORECASE):
            self.fixed = days[0]
        return replace(self.setting, zone=zone or self.setting.zone, day=days[0] if days else self.setting.day)

    def _extend(self, lines: list[Line]) -> None:
        if self.current is not None:
            cut = self.current.content if self.current.form == "list" else 0
            self.current.text += dedent(lines, cut)

    def _leave(self, at: int, count: int) -> None:
        self.pieces += [line.text for line in self.lines[at : at + count]]


def starts_with_time(text: str, setting: Setting) -> bool:
    """Whether a line of text begins with a time of day."""
    if not re.match(r"[*_`\[(~ ]{0,4}\w{1,9}[-:/. ,h]", text[:20]):
        return False
    try:
        stamp = split_stamp(text[:_STAMP_LENGTH], order=setting.order, assume=ASSUMED)
    except ValueError:
        return False
    return stamp is not None and stamp.time is not None


def timed_share(lines: list[Line], setting: Setting) -> int:
    """How many items or rows of a body that is no timeline by name start with a time, if most do; else 0."""
    stamps = total = 0
    for at, line in enumerate(lines):
        table = table_at(lines, at)
        if table is not None and len(table.rows) > 1:
            timed = sum(starts_with_time(plain(" ".join(row.cells[:2])), setting) for row in table.rows)
            stamps, total = stamps + timed, total + len(table.rows)
        item = item_of(line)
        if (
            item is None
            and not line.opaque
            and line.indent < 4
            and re.match(r"\W{0,4}\d", line.text)
            and starts_with_time(line.text, setting)
        ):
            stamps, total = stamps + 1, total + 1
        if item is not None:
            total += item.indent == 0 or starts_with_time(item.text, setting)
            stamps += starts_with_time(item.text, setting)
    return stamps if stamps * 2 > total else 0
