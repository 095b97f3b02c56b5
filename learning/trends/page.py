"""The page of trends as plain data: each number with the address of the reviews behind it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse

from catalog.models import CauseCategory, Service, Team
from core.bars import Bars, bars_of
from core.templatetags.instants import duration
from followup.models import HoldAnswer
from incidents.models import DetectedBy
from learning.trends.counting import Counts, Length, Lengths, Pair, count
from learning.trends.remembered import Remembered
from learning.trends.selection import DAYS, EDGES, INTERVALS, UNKNOWN, Selection, class_name
from learning.trends.span import span_of_step

FEW = 10  # below that, a single review moves a median much
MOST = 12  # rows of a table before the rest is summed up
LEVELS = 5  # shades of a heatmap

_REMEMBERED: Remembered[Counts] = Remembered(seconds=settings.TRENDS_SECONDS, most=200)


@dataclass(frozen=True)
class Number:
    """A count and the address of its reviews; `level` is its shade from 0 to LEVELS in a heatmap."""

    count: int
    url: str
    level: int = 0


@dataclass(frozen=True)
class Line:
    """Something counted now and in the span before; `percent` is the length of its bar."""

    label: str
    now: Number
    before: Number
    percent: int
    page: str = ""

    @property
    def change(self) -> str:
        """How many more or fewer than before."""
        more = self.now.count - self.before.count
        return f"+{more}" if more > 0 else f"\N{MINUS SIGN}{-more}" if more else "="


@dataclass(frozen=True)
class Table:
    """Lines, the largest first; `more` are not among them."""

    lines: list[Line]
    more: int

    def __bool__(self) -> bool:
        return bool(self.lines)


@dataclass(frozen=True)
class HeatRow:
    """A row of a heatmap."""

    label: str
    cells: list[Number]


@dataclass(frozen=True)
class Heat:
    """A heatmap, which is a table; `columns` are its heads."""

    columns: list[str]
    rows: list[HeatRow]


@dataclass(frozen=True)
class Spread:
    """How one interval spreads, in words; `is_small` warns that a single review changes the picture."""

    count: Number
    median: str
    p90: str

    @property
    def is_small(self) -> bool:
        """Whether there are too few to say much."""
        return 0 < self.count.count < FEW


@dataclass(frozen=True)
class Interval:
    """An interval of the incidents: now, before, step by step, and its distribution."""

    name: str
    slug: str
    now: Spread
    before: Spread
    steps: list[tuple[str, Spread]]
    bars: Bars
    classes: list[tuple[str, Number]]


@dataclass(frozen=True)
class Recurs:
    """A cause that several incidents of a service had as their root cause."""

    service: str
    cause: str
    reviews: Number
    last: datetime


@dataclass(frozen=True)
class Trends:
    """Everything that the page shows."""

    total: Line
    bars: Bars
    steps: list[tuple[str, Number]]
    severities: Table
    causes: Table
    services: Table
    teams: Table
    heat: Heat
    hours: Heat
    timed: int
    intervals: list[Interval]
    detected: Table
    recurring: list[Recurs]
    confirmed: Line
    factors: Table
    items: Table
    held: Table


def counted(selection: Selection) -> Counts:
    """The counts, at most TRENDS_SECONDS old. Two or three statements where they are not remembered, else one."""
    return _REMEMBERED.get(selection.key(), lambda: count(selection))


def trends_of(selection: Selection) -> Trends:
    """The page. Three queries for names beside those of `counted`."""
    return _Page(selection, counted(selection)).trends()


class _Page:
    def __init__(self, selection: Selection, counts: Counts) -> None:
        self.selection, self.counts = selection, counts
        self.list = reverse("trend-reviews")
        self.before = Selection(selection.person, selection.span.before, selection.narrowing)

    def trends(self) -> Trends:
        counts = self.counts
        causes = _named(CauseCategory, [*counts.causes, *counts.factors, *(one.cause for one in counts.recurring)])
        services = _named(Service, [*counts.services, *(one.service for one in counts.recurring)])
        teams = _named(Team, counts.teams)
        steps = [(step, self.number(counts.steps.get(step, 0), **_step(step))) for step in self.selection.span.steps]
        return Trends(
            total=self.line("Incidents", counts.total, counts.total.now),
            bars=bars_of([(step, number.count) for step, number in steps]),
            steps=steps,
            severities=self.severities(),
            causes=self.table("cause", counts.causes, causes, "cause"),
            services=self.table("service", counts.services, services, "service"),
            teams=self.table("team", counts.teams, teams, "team"),
            heat=self.heat(causes),
            hours=self.hours(),
            timed=sum(counts.hours.values()),
            intervals=[self.interval(slug, name) for slug, name in INTERVALS.items()],
            detected=self.detected(),
            recurring=[
                Recurs(
                    services[one.service][1],
                    causes[one.cause][1],
                    self.number(one.count, service=services[one.service][0], root=causes[one.cause][0]),
                    one.last,
                )
                for one in counts.recurring
                if one.service in services and one.cause in causes
            ],
            confirmed=self.line("Confirmed recurrences", counts.confirmed, counts.total.now, recurrence="confirmed"),
            factors=self.table("factor", counts.factors, causes),
            items=self.items(),
            held=self.held(),
        )

    def number(self, many: int, **narrowed: str) -> Number:
        return Number(many, self.selection.address(self.list, **narrowed))

    def shaded(self, many: int, most: int, **narrowed: str) -> Number:
        return replace(self.number(many, **narrowed), level=_level(many, most))

    def line(self, label: str, pair: Pair, most: int, page: str = "", **narrowed: str) -> Line:
        return Line(
            label,
            self.number(pair.now, **narrowed),
            Number(pair.before, self.before.address(self.list, **narrowed)),
            round(100 * pair.now / most) if most else 0,
            page,
        )

    def table(
        self, part: str, pairs: Mapping[int, Pair], names: Mapping[int, tuple[str, str]], page: str = ""
    ) -> Table:
        most = max((pair.now for pair in pairs.values()), default=0)
        lines = [
            self.line(
                names[key][1], pair, most, reverse(page, args=[names[key][0]]) if page else "", **{part: names[key][0]}
            )
            for key, pair in pairs.items()
            if key in names
        ]
        lines.sort(key=lambda one: (-one.now.count, -one.before.count, one.label))
        return Table(lines[:MOST], max(len(lines) - MOST, 0))

    def severities(self) -> Table:
        pairs = self.counts.severities
        most = max((pair.now for pair in pairs.values()), default=0)
        order = [*sorted(one for one in pairs if one), *([""] if "" in pairs else [])]
        return Table(
            [self.line(one.upper() or "Not rated", pairs[one], most, severity=one or UNKNOWN) for one in order], 0
        )

    def items(self) -> Table:
        now, before = self.counts.items, self.counts.items_before
        if not now.all and not before.all:
            return Table([], 0)
        rows = [
            ("Action items", "any", now.all, before.all),
            ("Done", "done", now.done, before.done),
            ("Done by the due date", "in-time", now.in_time, before.in_time),
            ("Won't be done", "dropped", now.dropped, before.dropped),
        ]
        lines = [self.line(label, Pair(many, earlier), now.all, items=part) for label, part, many, earlier in rows]
        return Table(lines, 0)

    def held(self) -> Table:
        pairs = self.counts.held
        whole = sum(pair.now for pair in pairs.values())
        labels = [(value, str(label)) for value, label in HoldAnswer.choices if value in pairs]
        return Table([self.line(label, pairs[value], whole, held=value) for value, label in labels], 0)

    def detected(self) -> Table:
        pairs = self.counts.detected
        labels = {**{value: str(label) for value, label in DetectedBy.choices}, "": "Not known"}
        most = max((pair.now for pair in pairs.values()), default=0)
        return Table(
            [
                self.line(label, pairs[value], most, detected=value or UNKNOWN)
                for value, label in labels.items()
                if value in pairs
            ],
            0,
        )

    def heat(self, causes: Mapping[int, tuple[str, str]]) -> Heat:
        steps = self.selection.span.steps
        by_cause = self.counts.causes_by_step
        known = [key for key in by_cause if key in causes and by_cause[key]]
        known.sort(key=lambda key: (-sum(by_cause[key].values()), causes[key][1]))
        most = max((number for key in known for number in by_cause[key].values()), default=0)
        return Heat(
            steps,
            [
                HeatRow(
                    causes[key][1],
                    [
                        self.shaded(by_cause[key].get(step, 0), most, cause=causes[key][0], **_step(step))
                        for step in steps
                    ],
                )
                for key in known[: 2 * MOST]
            ],
        )

    def hours(self) -> Heat:
        hours = self.counts.hours
        most = max(hours.values(), default=0)
        return Heat(
            [f"{hour:02}" for hour in range(24)],
            [
                HeatRow(
                    day,
                    [self.shaded(hours.get(at, 0), most, hour=str(at)) for at in range(24 * row, 24 * row + 24)],
                )
                for row, day in enumerate(DAYS)
            ],
        )

    def interval(self, slug: str, name: str) -> Interval:
        found: Length = self.counts.lengths[slug]
        steps = [
            (step, self.spread(found.steps.get(step, Lengths()), self.selection, interval=slug, **_step(step)))
            for step in self.selection.span.steps
        ]
        classes = [
            (class_name(at), self.number(found.classes.get(at, 0), interval=f"{slug}-{at}"))
            for at in range(len(EDGES) + 1)
        ]
        return Interval(
            name,
            slug,
            self.spread(found.now, self.selection, interval=slug),
            self.spread(found.before, self.before, interval=slug),
            steps,
            bars_of([(label, number.count) for label, number in classes]),
            classes,
        )

    def spread(self, lengths: Lengths, selection: Selection, **narrowed: str) -> Spread:
        return Spread(
            Number(lengths.count, selection.address(self.list, **narrowed)),
            _length(lengths.median),
            _length(lengths.p90),
        )


def _named(model: Any, keys: Iterable[int]) -> dict[int, tuple[str, str]]:
    found = model.objects.filter(pk__in=set(keys)).values_list("pk", "slug", "name")
    return {pk: (slug, name) for pk, slug, name in found}


def _step(step: str) -> dict[str, str]:
    """What an address needs to ask for a single quarter or month."""
    return span_of_step(step).query


def _level(number: int, most: int) -> int:
    return -(-number * LEVELS // most) if most else 0


def _length(seconds: float | None) -> str:
    return "" if seconds is None else duration(timedelta(seconds=round(seconds)))
