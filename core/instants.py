"""Exact instants from what a person types or a machine sends."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from core.clock import TimeProblem, match_time
from core.dates import MAX_YEAR, DateMatch, DateProblem, calendar_day, match_date
from core.zone_words import UnknownZone, Zone, match_zone, parse_zone, settle
from core.zones import zone_named

_EXAMPLE = "Write it like 2026-03-14 14:03 UTC."
_LONGEST = 100
_ISO = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})[Tt](?=\d)")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})[Tt](\d{2})(\d{2})(\d{2})?(?=[Zz+\-]|$)")
_ISO_COMPACT_TIME = re.compile(r"(\d{2})(\d{2})(\d{2})(?=[Zz+\-]|$)")
_RELATIVE = re.compile(r"\+\s?((?:\d{1,4}\s?(?:d|h|min|m|s)\s?){1,4})")
_STEP = re.compile(r"(\d{1,4})\s?(d|h|min|m|s)")
_UNIT = {"d": "days", "h": "hours", "min": "minutes", "m": "minutes", "s": "seconds"}
_DAY_WORD = re.compile(r"(yesterday|today|tomorrow)\b[,\s]*(?:at\s+)?", re.IGNORECASE)
_DAY_SHIFT = {"yesterday": -1, "today": 0, "tomorrow": 1}


class InstantProblem(ValueError):
    """The text names no exact instant; the message tells a person what to write instead."""


class MissingZone(InstantProblem):
    """A date and time without a zone, and none was given to fall back on."""


@dataclass(frozen=True)
class Instant:
    """An aware moment and the zone it was written in (an IANA name, "UTC" or "+02:00")."""

    at: datetime
    zone: str


def localise(naive: datetime, zone: Zone) -> Instant:
    """The instant of a wall-clock time. InstantProblem where the clocks jumped over it or showed it twice."""
    aware, name = settle(naive, zone)
    if zone.minutes is None:
        wall = naive.strftime("%H:%M on ") + f"{naive.day} {naive:%B %Y}"
        if aware.astimezone(UTC).astimezone(aware.tzinfo).replace(tzinfo=None) != naive:
            raise InstantProblem(f"{wall} never happened in {name}: the clocks were put forward over it.")
        if naive.replace(tzinfo=aware.tzinfo, fold=1).utcoffset() != aware.utcoffset():
            first = aware.utcoffset() or timedelta()
            raise InstantProblem(
                f"{wall} happened twice in {name}, when the clocks were put back. "
                f"Write the offset as well, such as {_signed(first)}."
            )
    return Instant(aware, name)


def _signed(offset: timedelta) -> str:
    minutes = round(offset.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def _stated_zone(text: str, pos: int) -> tuple[Zone | None, int]:
    """The zone at this position and where it ends; a second one in brackets must agree with the first."""
    found: Zone | None = None
    while pos < len(text):
        start = pos
        while pos < len(text) and text[pos] in " ([":
            pos += 1
        match = match_zone(text, pos)
        if match is None:
            return found, start
        zone = parse_zone(match[0])
        pos = match.end()
        while pos < len(text) and text[pos] in ")]":
            pos += 1
        # An IANA name in brackets after an offset says more than the offset does.
        found = zone if found is None or (found.minutes is not None and zone.minutes is None) else found
    return found, pos


def parse_instant(
    text: str,
    *,
    default_date: date | None = None,
    zone: str | None = None,
    previous: datetime | None = None,
    order: str | None = None,
) -> Instant:
    """Read one instant: ISO 8601, "14 Mar 2026 2:03pm PST", "14:03", "yesterday 23:50", "+5m".

    A time alone falls on `default_date`; a naive one is in `zone` (IANA name or offset); "+5m" counts from
    `previous`. Raises InstantProblem, DateProblem, TimeProblem or UnknownZone, all of them ValueErrors with a
    message fit to show.
    """
    cleaned = text.strip().replace("\u2212", "-").replace("\u00a0", " ")
    if not cleaned:
        raise InstantProblem(f"There is no time here. {_EXAMPLE}")
    if len(cleaned) > _LONGEST:
        raise InstantProblem(f"This is too long for a time. {_EXAMPLE}")
    if relative := _RELATIVE.fullmatch(cleaned):
        if previous is None:
            raise InstantProblem(f"{cleaned} counts from an earlier event, and there is none. {_EXAMPLE}")
        return Instant(_moved(previous, _steps(relative[1])), zone or _zone_name(previous))
    if cleaned.lstrip("+-").replace(".", "", 1).replace(",", "", 1).isdigit():
        raise InstantProblem(f"{cleaned} is a number, not a time. {_EXAMPLE}")
    day, clock, rest = _day_and_time(cleaned, default_date, order)
    stated, end = _stated_zone(cleaned, rest)
    if cleaned[end:].strip():
        raise InstantProblem(f"“{cleaned[end:].strip()[:30]}” is not part of a time. {_EXAMPLE}")
    if clock is None:
        raise InstantProblem(f"{cleaned} is a day without a time. {_EXAMPLE}")
    if stated is None:
        if zone is None:
            raise MissingZone(f"{cleaned} has no time zone. Add one, such as UTC, Europe/London or +02:00.")
        stated = Zone(zone)
        zone_named(zone)
    return localise(datetime.combine(day, clock), stated)


def _day_and_time(text: str, default: date | None, order: str | None) -> tuple[date, time | None, int]:
    """The day, the time if there is one, and where they end."""
    if compact := _COMPACT.match(text):
        found = match_date(f"{compact[1]}-{compact[2]}-{compact[3]}")
        at = match_time(f"{compact[4]}:{compact[5]}:{compact[6] or '00'}")
        if found is not None and at is not None:
            return found.on(MISSING_YEAR), at.time, compact.end()
    if default is not None:
        calendar_day(default.year, default.month, default.day)
    pos = 0
    day = default
    if word := _DAY_WORD.match(text):
        if default is None:
            raise InstantProblem(f"“{word[1]}” depends on the day it is read. {_EXAMPLE}")
        day, pos = default + timedelta(days=_DAY_SHIFT[word[1].lower()]), word.end()
    elif (match := match_date(text, order=order)) is not None:
        day, pos = _in_year(match, text[: match.end], default), match.end
        if iso := _ISO.match(text):
            pos = iso.end()
            if short := _ISO_COMPACT_TIME.match(text, pos):
                clock = match_time(f"{short[1]}:{short[2]}:{short[3]}")
                return day, clock.time if clock else None, short.end()
    pos = _skip(text, pos)
    clock = match_time(text, pos, dotted=pos > 0)
    if clock is None and pos == 0:
        raise InstantProblem(f"“{text[:40]}” is not a time we can read. {_EXAMPLE}")
    if clock is not None and pos == 0 and (after := _skip(text, clock.end)) < len(text):
        # "14:03 on 12 March 2026"
        later = match_date(text, after, order=order)
        if later is not None:
            return _in_year(later, text[after : later.end], default), clock.time, later.end
    if day is None:
        raise InstantProblem(f"{text} has no date. {_EXAMPLE}")
    return (day, None, pos) if clock is None else (day, clock.time, clock.end)


def _in_year(match: DateMatch, written: str, default: date | None) -> date:
    """The day found, in the year of `default` when it was written without one."""
    if match.year is None and default is None:
        raise DateProblem(f"{written.strip()} has no year. {_EXAMPLE}")
    return match.on(default.year if default else MISSING_YEAR)


MISSING_YEAR = 0  # out of range on purpose: a day without a year is refused by core.dates


def _skip(text: str, pos: int) -> int:
    while pos < len(text) and text[pos] in " ,\t@-":
        pos += 1
    if text[pos : pos + 3].lower() in ("at ", "on "):
        return pos + 3
    return pos


def _steps(text: str) -> timedelta:
    return sum((timedelta(**{_UNIT[unit]: int(n)}) for n, unit in _STEP.findall(text)), timedelta())


def _moved(moment: datetime, length: timedelta) -> datetime:
    """`moment` later by `length`. DateProblem outside of the years that core.dates knows."""
    try:
        later = moment + length
    except OverflowError:
        raise DateProblem(f"That is after the year {MAX_YEAR}.") from None
    calendar_day(later.year, later.month, later.day)
    return later


def _zone_name(moment: datetime) -> str:
    key: str | None = getattr(moment.tzinfo, "key", None)
    if key:
        return key
    offset = moment.utcoffset() or timedelta()
    return _signed(offset) if offset else "UTC"


def from_epoch(value: str | float, zone: tzinfo = UTC) -> datetime:
    """The moment of a count of seconds since 1970 as chat and alert tools send it ("1767225600.000200").

    InstantProblem for anything that is not such a count or lies outside 1990 to 2199: nobody's incident is
    from then, and a zero or a count of microseconds is a mistake to be told.
    """
    try:
        seconds = float(value)
        moment = datetime.fromtimestamp(seconds, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        raise InstantProblem(f"{str(value)[:40]} is not a count of seconds since 1970.") from None
    if not 1990 <= moment.year < 2200:
        raise InstantProblem(f"{str(value)[:40]} seconds since 1970 fall in the year {moment.year}.")
    return moment.astimezone(zone)


__all__ = [
    "DateProblem",
    "Instant",
    "InstantProblem",
    "MissingZone",
    "TimeProblem",
    "UnknownZone",
    "from_epoch",
    "localise",
    "parse_instant",
]
