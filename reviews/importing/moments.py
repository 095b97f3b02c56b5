"""Every day and time that a piece of running text names."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from core.clock import match_time
from core.dates import DateMatch, match_date
from core.zone_words import UTC, Zone, match_zone, parse_zone, settle
from reviews.importing.setting import ASSUMED, Setting

_LONGEST = 6000
_MOST = 40
_START = re.compile(
    r"(?<![\w/.:@#&=%-])(?:(?=\d{1,4}[-/.:hH]\d)|(?=\d{1,2}(?:st|nd|rd|th)?\.?[ -](?:of )?[A-Z][a-z]{2})"
    r"|(?=\d{1,2}\s?[aApP]\.?[mM])|(?=\d{4}\s?(?:hrs|hours|h\b|Z\b|UTC\b|GMT\b))"
    r"|(?=(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?[ -])|(?=(?:noon|midday|midnight)\b))"
)
_TO_TIME = re.compile(
    r"[\s,]*(?:\(|at\s+|around\s+|about\s+|@\s*|[-–—]\s+|approx(?:imately|\.)?\s+|ca?\.\s+|~\s?|from\s+){0,2}", re.I
)
_TO_DAY = re.compile(r"\s*,?\s*\(?(?:on\s+)?(?:the\s+)?", re.I)
_LINK = re.compile(
    r"\s*(?:UTC|[A-Z]{2,4})?\s*\)?\s*,?\s*(?:[-–—→]{1,2}|->|to|and|until|till|through|up to|un)\s*"
    r"(?:around|about|approximately|at|approx\.?|~)?\s*$",
    re.I,
)


_AMERICAN = re.compile(r"(Eastern|Central|Mountain|Pacific)\b(?! (?:Europ|time))")


@dataclass(frozen=True)
class Moment:
    """A moment as written at text[start:end]. `time` is None where only the day stands there."""

    day: date
    time: time | None
    zone: Zone | None
    start: int
    end: int

    def at(self, fallback: Zone | None) -> tuple[datetime, str]:
        """The aware instant, and the name of its zone; a day is its midnight."""
        zone = self.zone or fallback or UTC
        if self.time is None and zone.minutes is not None and zone.name[:1] not in "+-":
            zone = replace(zone, minutes=None)
        return settle(datetime.combine(self.day, self.time or time()), zone)


@dataclass
class _Found:
    day: DateMatch | None
    time: time | None
    zone: Zone | None
    start: int
    end: int
    on: date | None = None


def moments_in(text: str, setting: Setting) -> list[Moment]:
    """All moments in `text`, in order. A time takes its day, and its zone, from its neighbours in the same text."""
    text = text[:_LONGEST]
    found: list[_Found] = []
    at = 0
    while len(found) < _MOST and (start := _START.search(text, at)) is not None:
        token = _token(text, start.start(), setting)
        if token is None:
            at = _past(text, start.start())
            continue
        found.append(token)
        at = max(token.end, start.start() + 1)
        if (tail := re.compile(r"\s?[-–—]\s?(?=\d)").match(text, at)) is not None:
            second = _token(text, tail.end(), setting)
            if second is not None:
                found.append(second)
                at = second.end
    for token in found:
        token.on = _resolved(token, setting)
    _lend(text, found, setting)
    return [Moment(token.on, token.time, token.zone, token.start, token.end) for token in found if token.on]


def linked(text: str, first: Moment, second: Moment) -> bool:
    """Whether the words between two moments make them a range: "10:00 to 11:30"."""
    between = text[first.end : second.start]
    return len(between) < 40 and (_LINK.fullmatch(between) is not None)


def _past(text: str, at: int) -> int:
    while at < len(text) and text[at].isalnum():
        at += 1
    return at + 1


def _token(text: str, at: int, setting: Setting) -> _Found | None:
    try:
        day = match_date(text, at, order=setting.order)
        if day is not None:
            return _day_first(text, at, day)
        clock = match_time(text, at)
    except ValueError:
        return None
    if clock is None:
        return None
    zone, end = _zone(text, clock.end)
    token = _Found(None, clock.time, zone, at, end)
    gap = _TO_DAY.match(text, end)
    try:
        after = match_date(text, gap.end() if gap else end, order=setting.order)
    except ValueError:
        after = None
    if after is not None and not _starts_time(text, after.end):
        token.day, token.end = after, after.end
        if zone is None:
            token.zone, token.end = _zone(text, after.end)
    return token


def _starts_time(text: str, at: int) -> bool:
    gap = _TO_TIME.match(text, at)
    try:
        return match_time(text, gap.end() if gap else at) is not None
    except ValueError:
        return False


def _day_first(text: str, at: int, day: DateMatch) -> _Found:
    gap = _TO_TIME.match(text, day.end)
    start = day.end + 1 if text[day.end : day.end + 1] in ("T", "t") else gap.end() if gap else day.end
    try:
        clock = match_time(text, start, dotted=start == day.end + 1)
    except ValueError:
        clock = None
    if clock is None:
        return _Found(day, None, None, at, day.end)
    zone, end = _zone(text, clock.end)
    return _Found(day, clock.time, zone, at, end)


def _zone(text: str, at: int) -> tuple[Zone | None, int]:
    gap = at
    while text[gap : gap + 1] in (" ", "(", "[", ",") and gap - at < 2:
        gap += 1
    match = match_zone(text, gap)
    if match is None and (american := _AMERICAN.match(text, gap)) is not None:
        return parse_zone(f"{american[1]} time"), american.end()
    if match is None or (
        match[0][0] in "+-\u2212" and (gap > at or (":" in match[0] and "T" not in text[max(0, at - 12) : at]))
    ):
        return None, at
    try:
        return parse_zone(match[0], assume=ASSUMED), match.end()
    except ValueError:
        return None, at


def _resolved(token: _Found, setting: Setting) -> date | None:
    if token.day is None:
        return None
    try:
        return setting.resolve(token.day)
    except ValueError:
        return None


def _lend(text: str, found: list[_Found], setting: Setting) -> None:
    """Give days and zones to those without: from the moment before, else from the one after, else the setting."""
    last: date | None = None
    before: _Found | None = None
    for token in found:
        if token.on is None and token.day is None and token.time is not None and last is not None:
            token.on = last
            back = before is not None and before.time is not None and before.time > token.time
            if before is not None and back and _LINK.fullmatch(text[before.end : token.start]):
                token.on = last + timedelta(days=1)  # "from 23:50 to 00:10"
        last = token.on or last
        before = token
    following: _Found | None = None
    for token in reversed(found):
        if following is not None:
            close = _LINK.fullmatch(text[token.end : following.start]) is not None
            if token.on is None and token.day is None and token.time is not None:
                token.on = following.on if close else setting.day
            if token.zone is None and close:
                token.zone = following.zone
        elif token.on is None and token.day is None:
            token.on = setting.day
        following = token
    zones = {(token.zone.name, token.zone.minutes) for token in found if token.zone}
    if len(zones) == 1:
        zone = next(token.zone for token in found if token.zone)
        for token in found:
            token.zone = token.zone or zone
