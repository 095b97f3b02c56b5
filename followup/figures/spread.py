"""How days spread: the middle one, and what nine in ten do not exceed."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from statistics import median

FEW = 10  # below that, a single number moves the figures much


@dataclass(frozen=True)
class Spread:
    """Of `count` numbers of days; `median` and `p90` (by nearest rank) are None where there are none."""

    count: int
    median: float | None
    p90: int | None

    @property
    def is_small(self) -> bool:
        """Whether there are too few to say much."""
        return 0 < self.count < FEW

    @property
    def median_days(self) -> str:
        """The median as a length."""
        return days(self.median)

    @property
    def p90_days(self) -> str:
        """The 90th percentile as a length."""
        return days(self.p90)

    @property
    def median_against_due(self) -> str:
        """The median of days after the due date."""
        return against_due(self.median)

    @property
    def p90_against_due(self) -> str:
        """The 90th percentile of days after the due date."""
        return against_due(self.p90)


def spread_of(numbers: Iterable[int]) -> Spread:
    """The spread of `numbers`."""
    ordered = sorted(numbers)
    if not ordered:
        return Spread(0, None, None)
    return Spread(len(ordered), median(ordered), ordered[ceil(0.9 * len(ordered)) - 1])


def days(number: float | None) -> str:
    """ "1 day", "3.5 days"; nothing for None."""
    return "" if number is None else f"{number:g} day{'' if number == 1 else 's'}"


def against_due(number: float | None) -> str:
    """ "2 days late", "1 day early", "on the due date"; nothing for None."""
    if not number:
        return "" if number is None else "on the due date"
    return f"{days(abs(number))} {'late' if number > 0 else 'early'}"
