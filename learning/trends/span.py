"""The stretch of time that trends look at, in quarters or months of the organisation's zone, and the one before it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice

from django.utils import timezone

from core.search_dates import Days, SearchDateProblem, quarter_of, quarters_back, read_days, read_quarter

QUARTER, MONTH = "quarter", "month"
USUAL = 4  # quarters, up to the present one
MOST = {QUARTER: 60, MONTH: 72}
MONTHS = {QUARTER: 3, MONTH: 1}


@dataclass(frozen=True)
class Span:
    """Whole quarters or months from `first` until the day before `end`; `steps` names each."""

    by: str
    first: date
    end: date

    @property
    def steps(self) -> list[str]:
        """The names of its quarters (2026-Q3) or months (2026-07), in order."""
        return [_name(self.by, self.first, at) for at in range(self.length)]

    @property
    def length(self) -> int:
        """How many quarters or months."""
        return ((self.end.year - self.first.year) * 12 + self.end.month - self.first.month) // MONTHS[self.by]

    @property
    def before(self) -> "Span":
        """As long, and just before it."""
        return Span(self.by, _months_on(self.first, -self.length * MONTHS[self.by]), self.first)

    @property
    def after(self) -> "Span":
        """As long, and just after it."""
        return Span(self.by, self.end, _months_on(self.end, self.length * MONTHS[self.by]))

    @property
    def name(self) -> str:
        """2026-Q3, or from the first to the last."""
        steps = self.steps
        return steps[0] if len(steps) == 1 else f"{steps[0]} to {steps[-1]}"

    @property
    def instants(self) -> tuple[datetime, datetime]:
        """Its beginning and its end as instants, midnight in the organisation's zone."""
        zone = timezone.get_default_timezone()
        return datetime.combine(self.first, time(), zone), datetime.combine(self.end, time(), zone)

    @property
    def beginnings(self) -> list[datetime]:
        """The instants at which its quarters or months begin."""
        zone = timezone.get_default_timezone()
        firsts = (_months_on(self.first, at * MONTHS[self.by]) for at in range(self.length))
        return [datetime.combine(first, time(), zone) for first in firsts]

    @property
    def query(self) -> dict[str, str]:
        """As the address says it."""
        steps = self.steps
        return {"by": self.by, "from": steps[0], "to": steps[-1]}


@dataclass(frozen=True)
class Asked:
    """What an address asks for, and what of it could not be understood."""

    span: Span
    problems: list[str]


def today() -> date:
    """The organisation's day."""
    return timezone.localdate(timezone=timezone.get_default_timezone())


def asked_span(given: Mapping[str, str], now: date) -> Asked:
    """The span of ?quarter=2026-Q3, or of ?from=2026-Q1&to=2026-Q3 with ?by=month; else the last four quarters.

    Never raises; `now` is the organisation's day.
    """
    by = MONTH if given.get("by") == MONTH else QUARTER
    problems: list[str] = []
    if quarter := given.get("quarter", "").strip():
        days = _read(quarter, now, problems)
        first, last = (days, days) if days else (None, None)
    else:
        first = _read(given.get("from", ""), now, problems)
        last = _read(given.get("to", ""), now, problems)
    usual = _usual(now)
    end = last.end if last else (max(usual.end, first.end) if first else usual.end)
    begin = first.first if first else _months_on(end, -3 * USUAL)
    if begin >= end:
        problems.append("That ends before it begins, so the two were swapped.")
        begin, end = (last or usual).first, (first or usual).end
    span = Span(by, _floor(by, begin), _ceiling(by, end))
    if span.length > MOST[by]:
        problems.append(f"Only the last {MOST[by]} {by}s are shown.")
        span = Span(by, _months_on(span.end, -MOST[by] * MONTHS[by]), span.end)
    return Asked(span, problems)


def quarters_offered(now: date) -> list[str]:
    """The quarters of the last five years, the newest first."""
    return list(islice(quarters_back(now), 20))


def step_of(by: str, day: date) -> str:
    """The quarter or month of a day."""
    return quarter_of(day) if by == QUARTER else f"{day:%Y-%m}"


def span_of_step(step: str) -> Span:
    """A single quarter or month by its name. SearchDateProblem where it is none."""
    days = _days(step, date(2000, 1, 1))
    return Span(QUARTER if "Q" in step.upper() else MONTH, days.first, days.end)


def _usual(now: date) -> Days:
    days = read_quarter(quarter_of(now))[1]
    return Days(_months_on(days.end, -3 * USUAL), days.end)


def _read(written: str, now: date, problems: list[str]) -> Days | None:
    if not written.strip():
        return None
    try:
        return _days(written, now)
    except SearchDateProblem as problem:
        problems.append(f"{problem} The usual stretch is shown instead.")
        return None


def _days(written: str, now: date) -> Days:
    return read_days(written.strip()[:40], now)


def _name(by: str, first: date, at: int) -> str:
    return step_of(by, _months_on(first, at * MONTHS[by]))


def _floor(by: str, day: date) -> date:
    return date(day.year, day.month - (day.month - 1) % MONTHS[by], 1)


def _ceiling(by: str, day: date) -> date:
    floor = _floor(by, day)
    return floor if floor == day else _months_on(floor, MONTHS[by])


def _months_on(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1)
