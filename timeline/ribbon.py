"""The ribbon above a timeline: phases in their lengths, events as ticks, a scale of times; measured, not yet drawn.

Places are percentages of the drawing's width, so that it can be as wide as the page and its words stay readable.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from core.templatetags.instants import duration
from timeline.milestones import Milestones
from timeline.scale import MOST_MARKS, Mark, marks_between

TICK_STEPS = 1000  # ticks nearer than this fraction of the width are one
NAME_FITS = 8.0  # percent of the width for a word of five letters, grown with the word
EDGE = 0.015
ZOOMS = (3, 8)  # times as wide (css/reading.css)


@dataclass(frozen=True)
class Phase:
    """A stretch of the incident; `shown` is what fits into its bar."""

    slug: str
    name: str
    start: datetime
    end: datetime
    x: float
    width: float
    shown: str

    @property
    def length(self) -> timedelta:
        """How long it lasted."""
        return self.end - self.start

    @property
    def shown_near(self) -> str:
        """What fits into its bar at the first zoom."""
        return _fitting(self.name, self.length, self.width * ZOOMS[0])

    @property
    def shown_close(self) -> str:
        """What fits into its bar at the second zoom."""
        return _fitting(self.name, self.length, self.width * ZOOMS[1])

    @property
    def middle(self) -> float:
        """Where its words stand, in percent."""
        return self.x + self.width / 2


@dataclass(frozen=True)
class Ribbon:
    """What the drawing shows, from `start` to `end`; `earlier` and `later` events lie too far outside to be drawn."""

    start: datetime
    end: datetime
    impact: Phase | None
    stages: list[Phase]
    ticks: list[int]
    marks: list[Mark]
    marks_near: list[Mark]
    marks_close: list[Mark]
    events: int
    earlier: int
    later: int

    @property
    def phases(self) -> list[Phase]:
        """Every phase, the impact first."""
        return [*([self.impact] if self.impact else []), *self.stages]


def ribbon_of(milestones: Milestones, moments: Sequence[datetime], zone: tzinfo) -> Ribbon | None:
    """The ribbon for an incident's milestones and the instants of its events; None where all is one instant or nothing.

    `zone` is the reader's: the scale counts its hours and days. Runs no query.
    """
    start, end = _span(milestones, moments)
    if start is None or end is None or start >= end:
        return None
    pad = (end - start) * EDGE
    start, end = start - pad, end + pad
    drawn = [moment for moment in moments if start <= moment <= end]
    stretches = [_placed(slug, name, one, other, start, end) for slug, name, one, other in _stretches(milestones)]
    return Ribbon(
        start=start,
        end=end,
        impact=next((one for one in stretches if one.slug == "impact"), None),
        stages=[one for one in stretches if one.slug != "impact"],
        ticks=sorted({round((moment - start) / (end - start) * TICK_STEPS) for moment in drawn}),
        marks=marks_between(start, end, zone),
        marks_near=marks_between(start, end, zone, MOST_MARKS * ZOOMS[0]),
        marks_close=marks_between(start, end, zone, MOST_MARKS * ZOOMS[1]),
        events=len(moments),
        earlier=sum(moment < start for moment in moments),
        later=sum(moment > end for moment in moments),
    )


def _stretches(milestones: Milestones) -> list[tuple[str, str, datetime, datetime]]:
    """The phases whose two ends are known and in order. Impact ends with mitigation where no resolution is known.

    A first response told for after the mitigation would lie over it: then the response is drawn from the detection on.
    """
    m = milestones
    responded = m.responded_at
    if responded and m.mitigated_at and responded > m.mitigated_at:
        responded = None
    pairs = [
        ("impact", "Impact", m.started_at, m.resolved_at or m.mitigated_at),
        ("undetected", "Undetected", m.started_at, m.detected_at),
        ("gap", "Detection gap", m.detected_at, responded),
        ("response", "Response", responded or m.detected_at, m.mitigated_at or m.resolved_at),
        ("mitigation", "Mitigation", m.mitigated_at, m.resolved_at),
    ]
    return [(slug, name, one, other) for slug, name, one, other in pairs if one and other and one < other]


def _span(milestones: Milestones, moments: Sequence[datetime]) -> tuple[datetime | None, datetime | None]:
    """What the drawing covers: the milestones, and the events up to half that length before and after them."""
    m = milestones
    known = [
        one for one in (m.started_at, m.detected_at, m.responded_at, m.mitigated_at, m.resolved_at) if one is not None
    ]
    if not known or min(known) == max(known):
        everything = [*known, *moments]
        return (min(everything), max(everything)) if everything else (None, None)
    first, last = min(known), max(known)
    around = (last - first) / 2
    near = [moment for moment in moments if first - around <= moment <= last + around]
    return min([first, *near]), max([last, *near])


def _placed(slug: str, name: str, one: datetime, other: datetime, start: datetime, end: datetime) -> Phase:
    whole = end - start
    x, width = (one - start) / whole * 100, (other - one) / whole * 100
    return Phase(slug, name, one, other, round(x, 2), round(width, 2), _fitting(name, other - one, width))


def _fitting(name: str, length: timedelta, width: float) -> str:
    said = duration(length)
    return next((words for words in (f"{name} {said}", said) if len(words) * NAME_FITS / 5 <= width), "")
