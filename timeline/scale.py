"""A scale of times: round hours, days or months between two instants, few enough to be read side by side."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

MOST_MARKS = 7
_MINUTE_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720]
_DAY_STEPS = [1, 2, 7, 14]
_MONTH_STEPS = [1, 2, 3, 6, 12, 24, 60, 120, 600]


@dataclass(frozen=True)
class Mark:
    """A place on the scale, `x` in percent of its width."""

    x: float
    text: str


def marks_between(start: datetime, end: datetime, zone: tzinfo, most: int = MOST_MARKS) -> list[Mark]:
    """Marks at round times of `zone` strictly between `start` and `end`, at most `most`."""
    for moments in _candidates(start.astimezone(zone), end.astimezone(zone), most):
        inside = [(moment, text) for moment, text in moments if start < moment < end]
        if len(inside) <= most:
            return [Mark(round((moment - start) / (end - start) * 100, 2), text) for moment, text in inside]
    return []


def _candidates(start: datetime, end: datetime, most: int) -> Iterator[list[tuple[datetime, str]]]:
    """Scales from fine to coarse; those with far too many marks are left out."""
    length = end - start
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    for minutes in _MINUTE_STEPS:
        step = timedelta(minutes=minutes)
        if length / step <= most + 1:
            skipped = (start.replace(tzinfo=None) - midnight) // step
            yield [(moment, _clock(moment)) for moment in _steps(midnight + skipped * step, step, end)]
    for days in _DAY_STEPS:
        step = timedelta(days=days)
        if length / step <= most + 1:
            yield [(moment, f"{moment.day} {moment:%b}") for moment in _steps(midnight, step, end)]
    for months in _MONTH_STEPS:
        if length / timedelta(days=28 * months) <= most + 3:
            yield [
                (moment, f"{moment:%b %Y}" if months < 12 else f"{moment:%Y}")
                for moment in _months(midnight, months, end)
            ]


def _steps(first: datetime, step: timedelta, end: datetime) -> Iterator[datetime]:
    """Wall-clock times from `first` on, in the zone of `end`."""
    naive = first
    while (moment := naive.replace(tzinfo=end.tzinfo)) < end:
        yield moment
        naive += step


def _months(first: datetime, months: int, end: datetime) -> Iterator[datetime]:
    """First days of months, those that a count of `months` from January of year 0 reaches."""
    count = -(-(first.year * 12 + first.month - 1) // months) * months
    while True:
        year, month = divmod(count, 12)
        if year > 9999:
            return
        moment = datetime(year, month + 1, 1, tzinfo=end.tzinfo)
        if moment >= end:
            return
        yield moment
        count += months


def _clock(moment: datetime) -> str:
    midnight = not (moment.hour or moment.minute)
    return f"{moment.day} {moment:%b}" if midnight else f"{moment:%H:%M}"
