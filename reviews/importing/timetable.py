"""Timelines written as tables: which columns hold day, time and words, and the entries in the rows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from core.dates import match_date
from core.zone_words import Zone
from reviews.importing.events import Entry, next_day
from reviews.importing.plain import bare, plain
from reviews.importing.setting import ASSUMED, Setting, stated_zone, year_in
from reviews.importing.tables import Row, Table
from timeline.lines import Stamp, split_stamp

_TIME_COLUMN = re.compile(r"\b(?:time|timestamp|when|utc|gmt|hour|at|t)\b|^time|time$|\btime\b")
_DAY_COLUMN = re.compile(r"\b(?:date|day)\b")
_WEEKDAY_COLUMN = re.compile(r"^(?:day|weekday|day of week|dow)$")
_PLAIN_HEADER = {
    "time", "event", "date", "day", "timestamp", "when", "what", "description", "note", "notes", "details",
    "action", "date/time", "date and time", "what happened", "events", "date & time", "datetime", "comment", "",
}  # fmt: skip


@dataclass
class TableReading:
    """Entries and left-over lines of one table, in order."""

    pieces: list[Entry | str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read_table(table: Table, setting: Setting, before: datetime | None) -> TableReading | None:
    """The entries of a table whose rows start with times, or None where it is some other table."""
    columns = _columns(table, setting)
    if columns is None:
        return None
    day_columns, time_column, _ = columns
    names = [plain(cell) for cell in table.header.cells]
    head = " ".join(names[n] for n in {*day_columns, time_column})
    setting = replace(setting, zone=stated_zone(head, loose=True) or setting.zone)
    if (year := year_in(head)) is not None:
        setting = replace(setting, year=year, day=_in_year(setting.day, year))
    reading = TableReading()
    if any(bare(names[n]) not in _PLAIN_HEADER or "(" in names[n] for n in range(len(names))):
        reading.pieces.append("_" + " · ".join(name for name in names if name) + "_")
        reading.pieces.append("")
    refused: list[Row] = []
    for row in table.rows:
        entry, problem = _entry(row, names, columns, setting, before)
        if entry is None:
            refused.append(row)
            if problem:
                reading.problems.append(f"Line {row.line.number}: {problem}")
            continue
        reading.pieces.append(entry)
        setting = replace(setting, day=entry.day)
        before = entry.naive if entry.stamp.time is not None else None
    if refused:
        bar = "|" + " --- |" * len(names)
        reading.pieces += [table.header.line.text, bar, *(row.line.text for row in refused)]
    return reading


def _in_year(day: date | None, year: int) -> date | None:
    """The setting's day in the year that a column's head names, where it exists there."""
    if day is None or day.year == year:
        return day
    return None if (day.month, day.day) == (2, 29) else day.replace(year=year)


def _columns(table: Table, setting: Setting) -> tuple[list[int], int, list[int]] | None:
    """Indexes of the columns for day, time and words, by header and by what the first rows hold."""
    names = [bare(cell) for cell in table.header.cells]
    rows = [row for row in table.rows[:20] if any(row.cells)]
    if not rows:
        return None

    def holds(column: int, reader: str) -> float:
        hits = 0
        for row in rows:
            text = plain(row.cells[column]) if column < len(row.cells) else ""
            hits += _reads(text, reader, setting)
        return hits / len(rows)

    width = min(len(names), 8)
    time_column = next((n for n in range(width) if holds(n, "time") >= 0.5), None)
    if time_column is None:
        time_column = next(
            (
                n
                for n in range(width)
                if holds(n, "day") >= 0.5 and (_DAY_COLUMN.search(names[n]) or _TIME_COLUMN.search(names[n]))
            ),
            None,
        )
        if time_column is None:
            return None
    day_columns = [
        n for n in range(width) if n != time_column and (holds(n, "day") >= 0.5 or _WEEKDAY_COLUMN.match(names[n]))
    ]
    words = [n for n in range(len(names)) if n != time_column and n not in day_columns]
    return (day_columns, time_column, words) if words else None


def _reads(text: str, reader: str, setting: Setting) -> bool:
    try:
        stamp = split_stamp(text[:200], order=setting.order, assume=ASSUMED)
    except ValueError:
        return True
    if stamp is None:
        return False
    long_rest = len(stamp.rest) > 25
    return not long_rest and (stamp.time is not None if reader == "time" else stamp.day is not None)


def _entry(
    row: Row, names: list[str], columns: tuple[list[int], int, list[int]], setting: Setting, before: datetime | None
) -> tuple[Entry | None, str]:
    day_columns, time_column, text_columns = columns
    cells = [*row.cells, *[""] * (len(names) - len(row.cells))]
    first = plain(cells[time_column])
    text = _text(cells, names, text_columns)
    if not text:
        return None, ""
    try:
        stamp = split_stamp(first, order=setting.order, assume=ASSUMED)
        day = setting.resolve(stamp.day) if stamp and stamp.day else None
        for column in day_columns:
            if day is None and (found := match_date(plain(cells[column]), order=setting.order)) is not None:
                day = setting.resolve(found)
    except ValueError as problem:
        return None, str(problem)
    if stamp is None and day is None:
        return None, f"“{first[:40]}” is not a time we can read." if first else ""
    written = " ".join(plain(cells[n]) for n in sorted({*day_columns, time_column}) if cells[n].strip())
    if stamp is None:
        stamp = Stamp(None, None, None, written, first)
    if day is None:
        if setting.day is None or stamp.time is None:
            return None, f"no date is stated for {written}."
        day = next_day(setting.day, stamp.time, before)
    if stamp.rest:
        text = f"{stamp.rest} {text}" if stamp.rest not in written else text
    stamp = replace(stamp, written=written, rest="")
    zone: Zone | None = stamp.zone or setting.zone
    return Entry(stamp, day, row.line.number, "table", zone, text=[text], lines=[row.line]), ""


def _text(cells: list[str], names: list[str], columns: list[int]) -> str:
    """The words of a row: the widest column plain, further ones under their header's name."""
    filled = [n for n in columns if cells[n].strip()]
    if not filled:
        return ""
    main = next(
        (n for n in filled if bare(names[n]) in ("event", "description", "what", "what happened", "events")), None
    )
    main = main if main is not None else max(filled, key=lambda n: len(cells[n]))
    parts = [cells[main].replace("\\|", "|")]
    parts += [f"{names[n] or '·'}: {cells[n]}" for n in filled if n != main]
    return "  \n".join(parts)
