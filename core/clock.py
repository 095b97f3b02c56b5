"""Times of day as people write them, read from a position in a text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

_TIME = re.compile(
    r"(\d{1,2})([:hH.])(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?!\d|:\d)"
    r"(?:\s?(am|pm|a\.m\.|p\.m\.)(?![A-Za-z]))?(?:\s?(?:hrs|hours|h|o'clock)\b)?",
    re.IGNORECASE,
)
_HOUR = re.compile(r"(\d{1,2})\s?(am|pm|a\.m\.|p\.m\.)(?![A-Za-z])", re.IGNORECASE)
_COMPACT = re.compile(r"([01]\d|2[0-3])([0-5]\d)(?=\s?(?:hrs|hours|h\b|Z\b|UTC\b|GMT\b))(?:\s?(?:hrs|hours|h)\b)?")
_WORDS = re.compile(r"(noon|midday|midnight)\b", re.IGNORECASE)


class TimeProblem(ValueError):
    """The text looks like a time of day but is none; the message is meant for a person."""


@dataclass(frozen=True)
class TimeMatch:
    """A time of day found in a text, up to position `end`."""

    time: time
    end: int


def _hour(written: str, half: str | None) -> int:
    hour = int(written)
    if half is None:
        if hour == 24:
            raise TimeProblem("There is no 24:00. Write 00:00 of the next day.")
        if hour > 23:
            raise TimeProblem(f"There is no hour {hour}. Hours run from 0 to 23.")
        return hour
    if half.lower().startswith("p") and 12 < hour < 24:
        return hour  # "14:30 PM" is a slip of the pen, and clear
    if not 1 <= hour <= 12:
        raise TimeProblem(f"There is no {hour} {half}. With am and pm, hours run from 1 to 12.")
    return hour % 12 + (12 if half.lower().startswith("p") else 0)


def match_time(text: str, pos: int = 0, *, dotted: bool = False) -> TimeMatch | None:
    """The time of day written at exactly this position, or None. `dotted` also allows 15.26.

    TimeProblem when it has the form of a time but does not exist.
    """
    match = _TIME.match(text, pos)
    if match is not None and (match[2] != "." or dotted or match[6]):
        hour = _hour(match[1], match[6])
        minute, second = int(match[3]), int(match[4] or 0)
        if minute > 59:
            raise TimeProblem(f"There is no minute {minute}. Minutes run from 0 to 59.")
        if second > 59:
            raise TimeProblem(f"There is no second {second}. Seconds run from 0 to 59.")
        fraction = int((match[5] or "0").ljust(6, "0")[:6])
        return TimeMatch(time(hour, minute, second, fraction), match.end())
    if (match := _HOUR.match(text, pos)) is not None:
        return TimeMatch(time(_hour(match[1], match[2])), match.end())
    if (match := _COMPACT.match(text, pos)) is not None:
        return TimeMatch(time(int(match[1]), int(match[2])), match.end())
    if (match := _WORDS.match(text, pos)) is not None:
        return TimeMatch(time(0 if match[1].lower() == "midnight" else 12), match.end())
    return None
