"""Days as the query language writes them: 2026, 2026-03, 2026-03-14, 2026-Q3, and back from today 7d, 3w, 2m, 1y.

Where days to come are asked for, ahead of it as well: +7d, +3w, +2m, +1y.
"""

import itertools
import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from core.dates import MAX_YEAR, MIN_YEAR, DateProblem, calendar_day

_BACK = re.compile(r"(\d{1,6})([dwmy])", re.ASCII)
_AHEAD = re.compile(r"\+(\d{1,6})([dwmy])", re.ASCII)
_CALENDAR = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)
_QUARTER = re.compile(r"(\d{4})[- ]?q(\d+)", re.ASCII)
FORMS = "2026, 2026-03, 2026-03-14, or back from today 7d, 3w, 2m, 1y"


class SearchDateProblem(ValueError):
    """The value of a filter means nothing; the message is meant for a person."""


@dataclass(frozen=True)
class Days:
    """From the day `first` until the day before `end`, in the reader's zone."""

    first: date
    end: date


def read_days(written: str, today: date, *, ahead: bool = False) -> Days:
    """The days that `written` names; one that counts from today names the single day it arrives at.

    `ahead`: it may count on from today as well.
    """
    value = written.strip().lower()
    if ahead and value == "today":
        return _one_day(today)
    if ahead and (on := _AHEAD.fullmatch(value)) is not None:
        return _one_day(_counted(today, int(on[1]), on[2], written))
    if (back := _BACK.fullmatch(value)) is not None:
        return _one_day(_counted(today, -int(back[1]), back[2], written))
    if _QUARTER.fullmatch(value):
        return read_quarter(value)[1]
    found = _CALENDAR.fullmatch(value)
    if found is None:
        forms = f"{FORMS}, or ahead of it +7d, +3w, +2m" if ahead else FORMS
        raise SearchDateProblem(f"“{written[:60]}” is not a date here. Write {forms}.")
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        first = calendar_day(year or 0, month if month is not None else 1, day if day is not None else 1)
    except DateProblem as problem:
        raise SearchDateProblem(f"“{written}” is not a date: {_lowered(str(problem))}") from None
    if day is not None:
        return _one_day(first)
    return Days(first, _months_on(first, 1 if month is not None else 12))


def read_quarter(written: str) -> tuple[str, Days]:
    """The quarter in its one spelling, 2026-Q3, and its days."""
    found = _QUARTER.fullmatch(written.strip().lower())
    if found is None:
        raise SearchDateProblem(f"“{written[:60]}” is not a quarter here. Write it as 2026-Q3.")
    year, quarter = int(found[1]), int(found[2][:9])
    if not 1 <= quarter <= 4:
        raise SearchDateProblem(f"“{written[:60]}” is not a quarter: they run from Q1 to Q4.")
    if not MIN_YEAR <= year <= MAX_YEAR:
        raise SearchDateProblem(f"“{written}” is out of range: years run from {MIN_YEAR} to {MAX_YEAR}.")
    first = date(year, 3 * quarter - 2, 1)
    return f"{year}-Q{quarter}", Days(first, _months_on(first, 3))


def quarter_of(day: date) -> str:
    """The quarter of a day in its one spelling: 2026-Q3."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def quarters_back(today: date) -> Iterator[str]:
    """The quarter of `today`, the one before it, and so on without end."""
    present = today.year * 4 + (today.month - 1) // 3
    for back in itertools.count():
        year, quarter = divmod(present - back, 4)
        yield f"{year}-Q{quarter + 1}"


def _counted(today: date, count: int, unit: str, written: str) -> date:
    """The day so many days, weeks, months or years after `today`, or before it where `count` is negative."""
    try:
        if unit in "dw":
            day = today + timedelta(days=count * (7 if unit == "w" else 1))
        else:
            day = _months_on(today, count * (12 if unit == "y" else 1))
    except (OverflowError, ValueError):
        day = date.min if count < 0 else date.max
    if day.year < MIN_YEAR:
        raise SearchDateProblem(f"“{written}” is out of range: it reaches back before {MIN_YEAR}.")
    if day.year > MAX_YEAR:
        raise SearchDateProblem(f"“{written}” is out of range: years run to {MAX_YEAR}.")
    return day


def _months_on(day: date, months: int) -> date:
    """The same day so many months on, or the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _one_day(day: date) -> Days:
    return Days(day, day + timedelta(days=1))


def _lowered(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:] if sentence.startswith(("There", "The")) else sentence
