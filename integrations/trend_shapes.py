"""Trends as the API gives them. Lengths are seconds; `before` is the span of the same length before."""

from datetime import datetime

from ninja import Schema


class QuarterCount(Schema):
    """The published reviews of incidents that began in a quarter."""

    quarter: str
    reviews: int


class NamedCount(Schema):
    """How many reviews have a service or a cause category, by quarter where it is known."""

    slug: str
    name: str
    count: int
    before: int


class Spread(Schema):
    """Median and 90th percentile of so many lengths; None where there are none."""

    count: int
    median: float | None
    p90: float | None


class Duration(Schema):
    """An interval of timeline.milestones."""

    now: Spread
    before: Spread


class RecurringCause(Schema):
    """A root cause that several incidents of a service share."""

    service: str
    cause: str
    count: int
    last: datetime


class ActionCounts(Schema):
    """The action items of these reviews; those merged into others are not counted."""

    all: int
    done: int
    done_in_time: int
    wont_do: int


class InvestPart(Schema):
    """A part of a score: the sum, and its share of the largest."""

    name: str
    value: float
    share: float


class Invest(Schema):
    """Where to invest: a service with its score from 0 to 100."""

    service: str
    name: str
    score: float
    reviews: int
    parts: list[InvestPart]


class TrendsAnswer(Schema):
    """What published reviews say together, as far as the caller may see them."""

    quarters: list[QuarterCount]
    by_cause: list[NamedCount]
    by_service: list[NamedCount]
    durations: dict[str, Duration]
    recurring: list[RecurringCause]
    actions: ActionCounts
    invest: list[Invest]
