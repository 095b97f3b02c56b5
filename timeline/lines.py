"""One line of a timeline: the time it starts with, and what it says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from core.clock import TimeMatch, match_time
from core.dates import DateMatch, match_date
from core.instants import InstantProblem, MissingZone, localise
from core.zone_words import Zone, match_zone, parse_zone

_BULLET = re.compile(r"\s{0,12}(?:[-*+•]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?")
_OPENING = re.compile(r"[*_`]{1,3}")
_ABOUT = re.compile(r"[~≈]\s?|(?:at|around|about|approx(?:imately|\.)?|circa|ca?\.)\s+", re.IGNORECASE)
_GAP = re.compile(
    r"[\s,*_`@|]*(?:[-–—]\s+)?(?:[~≈]\s?|(?:at|around|about|approx(?:imately|\.)?|circa|ca?\.)\s+)?", re.IGNORECASE
)
_RANGE = re.compile(r"\s*(?:[-–—→]|->|to\b|until\b|till\b|through\b)\s*(?:[~≈]\s?)?", re.IGNORECASE)
_ALSO = re.compile(r"\s*[(/\[]\s*")
_SEPARATOR = re.compile(r"\s*(?:->|=>|[:\-–—|,;>→=]|\.(?=\s))*\s*")
_LINK_TARGET = re.compile(r"\]\([^()\s]{1,500}\)")


@dataclass(frozen=True)
class Stamp:
    """What a line begins with: a day, a time of day or both, a zone if one stands there, and the words after it."""

    day: DateMatch | None
    time: time | None
    zone: Zone | None
    written: str
    rest: str


def split_stamp(line: str, *, order: str | None = None, assume: dict[str, str] | None = None) -> Stamp | None:
    """The time a line starts with and the rest of it, or None where it starts with no time.

    Of a range ("14:03-14:10") the start counts. Raises a ValueError with a message for a person when the line
    starts with a day or time that does not exist, or a day that can be read two ways.
    """
    text = line.strip()
    opening = found[0] if (found := _OPENING.match(text)) else ""
    start = pos = len(opening)
    bracket = text[pos : pos + 1] if text[pos : pos + 1] in ("[", "(") else ""
    pos += len(bracket)
    if (about := _ABOUT.match(text, pos)) is not None:
        pos = about.end()
    day = match_date(text, pos, order=order)
    clock, pos = _clock(text, pos, day)
    if day is None and clock is None:
        return None
    zone, pos = _zone(text, pos, assume) if clock else (None, pos)
    if clock is not None:
        if day is None:
            day, pos = _day_after(text, pos, order)
            if day is not None and zone is None:
                zone, pos = _zone(text, pos, assume)
        clock, zone, pos = _range(text, pos, clock, zone, assume)
        pos = _second_zone(text, pos)
    if bracket:
        link = _LINK_TARGET.match(text, pos)
        if link is not None and bracket == "[":
            pos = link.end()
        elif text[pos : pos + 1] == {"[": "]", "(": ")"}[bracket]:
            pos += 1
        else:
            return None
    if pos < len(text) and text[pos].isalnum():
        return None
    rest, separated = _rest(text, pos, opening)
    if clock is None and rest and not separated and (day is None or day.year is None):
        return None  # "May 5 nodes were lost" is a sentence
    return Stamp(day, clock.time if clock else None, zone, text[start:pos].strip(" *_`"), rest)


def _clock(text: str, pos: int, day: DateMatch | None) -> tuple[TimeMatch | None, int]:
    if day is None:
        found = match_time(text, pos)
        return found, found.end if found else pos
    gap = _GAP.match(text, day.end)
    at = gap.end() if gap else day.end
    if text[day.end : day.end + 1] in ("T", "t"):
        at = day.end + 1
    found = match_time(text, at, dotted=True)
    return found, found.end if found else day.end


def _zone(text: str, pos: int, assume: dict[str, str] | None) -> tuple[Zone | None, int]:
    at = pos
    while text[at : at + 1] in (" ", "(", "[") and at - pos < 3:
        at += 1
    match = match_zone(text, at)
    if match is None or (match[0][0] in "+-" and at > pos + 1):
        return None, pos
    if match[0][0] in "-\u2212" and ":" in match[0] and at == pos and "T" not in text[:pos]:
        return None, pos  # "14:20-16:00" is a range, "2026-03-14T14:20-05:00" has an offset
    try:
        zone = parse_zone(match[0], assume=assume)
    except ValueError:
        return None, pos
    end = match.end()
    if "(" in text[pos:at] or "[" in text[pos:at]:
        if text[end : end + 1] not in (")", "]"):
            return None, pos
        end += 1
    return zone, end


def _day_after(text: str, pos: int, order: str | None) -> tuple[DateMatch | None, int]:
    """The day of "14:03 on 12 March 2026"."""
    at = pos
    while text[at : at + 1] in (" ", ","):
        at += 1
    found = match_date(text, at, order=order)
    if found is not None and found.year is not None:
        return found, found.end
    return None, pos


def _range(
    text: str, pos: int, clock: TimeMatch, zone: Zone | None, assume: dict[str, str] | None
) -> tuple[TimeMatch, Zone | None, int]:
    dash = _RANGE.match(text, pos)
    if dash is None:
        return clock, zone, pos
    try:
        end = match_time(text, dash.end())
    except ValueError:
        return clock, zone, pos
    if end is None:
        return clock, zone, pos
    after, stop = _zone(text, end.end, assume)
    begins = clock.time
    half_unsaid = "m" not in text[clock.end - 2 : clock.end].lower() and begins.hour < 12
    if half_unsaid and "pm" in text[dash.end() : end.end].lower().replace(".", ""):
        later = begins.replace(hour=begins.hour + 12)
        begins = later if later <= end.time else begins
    return TimeMatch(begins, clock.end), zone or after, stop


def _second_zone(text: str, pos: int) -> int:
    """Skip the same moment told again for readers elsewhere: "14:01 EDT (18:01 UTC)"."""
    bracket = _ALSO.match(text, pos)
    if bracket is None:
        return pos
    try:
        again = match_time(text, bracket.end())
    except ValueError:
        return pos
    if again is None:
        return pos
    _, end = _zone(text, again.end, None)
    if "/" in bracket[0]:
        return end
    return end + 1 if text[end : end + 1] in (")", "]") else pos


def _rest(text: str, pos: int, opening: str) -> tuple[str, bool]:
    """What follows, without the separator, and whether there was one; emphasis opened before is kept in balance."""
    gap = _SEPARATOR.match(text, pos)
    end = gap.end() if gap else pos
    separated = bool(text[pos:end].strip()) or end == len(text)
    if not opening:
        return text[end:], separated
    closing = opening[::-1]
    for at in (pos, end):
        if text.startswith(closing, at):
            more = _SEPARATOR.match(text, at + len(closing))
            return text[more.end() if more else at + len(closing) :], True
    return opening + text[end:], separated


@dataclass(frozen=True)
class TimelineLine:
    """A line as the editor takes it: an aware instant, the zone it was written in, and the words."""

    at: datetime
    zone: str
    text: str
    written: str


def read_line(
    line: str,
    *,
    day: date | None = None,
    zone: str | None = None,
    previous: datetime | None = None,
    order: str | None = None,
) -> TimelineLine:
    """Read "14:03 UTC alert fired", with or without a bullet, a date or a zone.

    A line without a date falls on `day`, and on the day after it when its time lies more than six hours before
    the `previous` one; a line without a zone is in `zone`. Raises a ValueError with a message for a person.
    """
    bullet = _BULLET.match(line)
    stamp = split_stamp(line[bullet.end() :] if bullet else line, order=order)
    if stamp is None or stamp.time is None:
        raise InstantProblem("This line does not start with a time. Write it like 14:03 UTC alert fired.")
    if stamp.day is None and day is None:
        raise InstantProblem(f"{stamp.written} has no date. Write it like 2026-03-14 14:03 UTC.")
    if stamp.zone is None and zone is None:
        raise MissingZone(f"{stamp.written} has no time zone. Add one, such as UTC or Europe/London.")
    stated = stamp.zone or Zone(zone or "UTC")
    on = stamp.day.on(day.year if day else 0) if stamp.day else day
    naive = datetime.combine(on or date.min, stamp.time)
    moment = localise(naive, stated)
    if stamp.day is None and previous is not None and previous - moment.at > timedelta(hours=6):
        moment = localise(naive + timedelta(days=1), stated)
    return TimelineLine(moment.at, moment.zone, stamp.rest, stamp.written)
