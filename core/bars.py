"""Numbers over time as bars: where each stands in a small drawing."""

from collections.abc import Sequence
from dataclasses import dataclass

STEP, WIDTH, HEIGHT = 40, 30, 60
LEAST = 2  # so that a single one is seen beside hundreds


@dataclass(frozen=True)
class Bar:
    """A bar; `middle` is where its label stands."""

    label: str
    count: int
    x: int
    y: float
    height: float

    @property
    def middle(self) -> float:
        """The middle across."""
        return self.x + WIDTH / 2


@dataclass(frozen=True)
class Bars:
    """All of them, in a drawing of `width`."""

    bars: list[Bar]
    width: int


def bars_of(counts: Sequence[tuple[str, int]]) -> Bars:
    """Bars as high as their counts, the highest as high as there is room."""
    most = max((count for _, count in counts), default=0)
    drawn = []
    for place, (label, count) in enumerate(counts):
        height = round(max(HEIGHT * count / most, LEAST), 1) if count else 0.0
        drawn.append(Bar(label, count, place * STEP, round(HEIGHT - height, 1), height))
    return Bars(drawn, STEP * len(counts))
