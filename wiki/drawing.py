"""The ribbon of a timeline measured for a drawing in a document: in units, with colours of its own.

In a page places are percentages and the style sheet colours them; a PDF's drawing takes neither.
"""

from dataclasses import dataclass

from timeline.ribbon import TICK_STEPS, Phase, Ribbon

WIDTH = 1000
_COLOURS = {
    "impact": ("#e9eef0", "#7b8a92"),
    "undetected": ("#fbecec", "#c2353b"),
    "gap": ("#fcf1df", "#c77800"),
    "response": ("#efedfb", "#6a5bc4"),
    "mitigation": ("#e5f4ea", "#2c8a52"),
}


@dataclass(frozen=True)
class Bar:
    """A phase; `words` are what fits into it."""

    x: int
    y: int
    width: int
    height: int
    middle: int
    baseline: int
    words: str
    fill: str
    line: str


@dataclass(frozen=True)
class Drawing:
    """All that is drawn: bars, ticks for events, and times at their places. `top` is where it begins."""

    bars: list[Bar]
    ticks: list[int]
    marks: list[tuple[int, str, str]]
    top: int
    height: int


def drawing_of(ribbon: Ribbon) -> Drawing:
    """The drawing, WIDTH units wide; without phases only ticks and times."""
    bars = [_bar(ribbon.impact, 2, 26)] if ribbon.impact else []
    bars += [_bar(phase, 34, 40) for phase in ribbon.stages]
    top = 0 if bars else 76
    return Drawing(
        bars,
        [round(tick * WIDTH / TICK_STEPS) for tick in ribbon.ticks],
        [(round(mark.x * WIDTH / 100), mark.text, _anchor(mark.x)) for mark in ribbon.marks],
        top,
        124 - top,
    )


def _bar(phase: Phase, y: int, height: int) -> Bar:
    x, width = round(phase.x * WIDTH / 100), max(round(phase.width * WIDTH / 100), 2)
    fill, line = _COLOURS.get(phase.slug, _COLOURS["impact"])
    return Bar(x, y, width, height, x + width // 2, y + height // 2 + 6, phase.shown, fill, line)


def _anchor(x: float) -> str:
    if x < 4:
        return "start"
    return "end" if x > 96 else "middle"
