"""Days of the calendar as people write them, read from a position in a text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

MIN_YEAR = 1970
MAX_YEAR = 2199

MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_MONTH = (
    r"(Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
_WEEKDAY = r"(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs?)?|Fri|Sat(?:ur)?|Sun)(?:day)?\b[.,]?)"
_YEAR = r"((?:19|20)\d{2})(?!\d|:\d)"
_FLAGS = re.IGNORECASE

_LEAD = re.compile(rf"(?:on\s+)?(?:{_WEEKDAY}\s+)?(?:the\s+)?", _FLAGS)
_TAIL = re.compile(rf"(?:,?\s+\(?{_WEEKDAY}\)?(?![A-Za-z]))", _FLAGS)
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)(?!\.\d)")
_NUMBERS = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?!\d|:\d)(?![-/.]\d)")
_DAY_MONTH = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?\.?(?:\s+of\s+|\s+|-){_MONTH}(?:(?:,?\s*|-){_YEAR})?", _FLAGS)
_MONTH_DAY = re.compile(
    rf"{_MONTH}\s*[ -](?:the\s+)?(\d{{1,2}})(?:st|nd|rd|th)?(?!\d|:\d)(?:(?:,?\s+|-){_YEAR})?", _FLAGS
)


class DateProblem(ValueError):
    """The text looks like a day but names none; the message is meant for a person."""


class AmbiguousDate(DateProblem):
    """Day and month could be either way round."""


@dataclass(frozen=True)
class DateMatch:
    """A day found in a text, up to position `end`. `year` is None where it was not written."""

    year: int | None
    month: int
    day: int
    end: int

    def on(self, year: int) -> date:
        """The day, in the given year when none was written. DateProblem when there is no such day."""
        return calendar_day(self.year or year, self.month, self.day)


def calendar_day(year: int, month: int, day: int) -> date:
    """A date, or a DateProblem whose message names what does not exist."""
    if not MIN_YEAR <= year <= MAX_YEAR:
        raise DateProblem(f"The year {year:04} is out of range. Years run from {MIN_YEAR} to {MAX_YEAR}.")
    if not 1 <= month <= 12:
        raise DateProblem(f"There is no month {month}.")
    try:
        return date(year, month, day)
    except ValueError:
        name = MONTHS[month - 1].capitalize()
        where = f"{day} {name} {year}" if (month, day) == (2, 29) else f"{day} {name}"
        raise DateProblem(f"{where} does not exist.") from None


def month_number(word: str) -> int:
    """1 to 12 for an English month name or its abbreviation."""
    return next(n for n, name in enumerate(MONTHS, 1) if name.startswith(word[:3].lower()))


def numeric_order(text: str) -> str | None:
    """ "dmy" or "mdy" where the numeric dates of a text leave no doubt about it, else None."""
    seen = set()
    for match in _NUMBERS.finditer(text):
        if match.start() and text[match.start() - 1] in "0123456789/.-":
            continue
        first, second = int(match[1]), int(match[3])
        if match[2] == ".":
            continue
        if first > 12 >= second > 0 and first <= 31:
            seen.add("dmy")
        elif second > 12 >= first > 0 and second <= 31:
            seen.add("mdy")
    return seen.pop() if len(seen) == 1 else None


def _numbers(match: re.Match[str], order: str | None) -> tuple[int, int, int]:
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    if year < 100:
        year += 2000 if year < 70 else 1900
    if order is None and first > 12 >= second and (len(match[4]) == 4 or match[2] != "-"):
        order = "dmy"  # but 26-10-01 may as well begin with its year
    elif order is None and second > 12 >= first:
        order = "mdy"
    elif order is None and (first == second or (match[2] == "." and len(match[4]) == 4)):
        order = "dmy"
    if order is None:
        raise AmbiguousDate(
            f"{match[0]} can be read two ways. Write the year first, as in {year:04}-{second:02}-{first:02}."
        )
    day, month = (first, second) if order == "dmy" else (second, first)
    return year, month, day


def match_date(text: str, pos: int = 0, *, order: str | None = None) -> DateMatch | None:
    """The day written at exactly this position, with a weekday before or after it, or None.

    `order` ("dmy" or "mdy") settles numeric dates. DateProblem when the day does not exist or is ambiguous.
    """
    lead = _LEAD.match(text, pos)
    start = lead.end() if lead else pos
    year: int | None
    if (match := _YEAR_FIRST.match(text, start)) is not None:
        year, month, day = int(match[1]), int(match[3]), int(match[4])
    elif (match := _NUMBERS.match(text, start)) is not None:
        if match[2] == "." and len(match[4]) < 4:
            return None  # far more often a version number than a day
        year, month, day = _numbers(match, order)
    elif (match := _DAY_MONTH.match(text, start)) is not None:
        day, month = int(match[1]), month_number(match[2])
        year = int(match[3]) if match[3] else None
    elif (match := _MONTH_DAY.match(text, start)) is not None:
        day, month = int(match[2]), month_number(match[1])
        year = int(match[3]) if match[3] else None
    else:
        return None
    calendar_day(year if year is not None else 2000, month, day)
    end = match.end()
    tail = _TAIL.match(text, end)
    return DateMatch(year, month, day, tail.end() if tail else end)
