"""Milestones of an incident, and the intervals between them.

A milestone is the time stated on the incident, or else the first timeline event of its kind.
Definitions: time to detect runs from the start of the impact to detection, the detection-to-response gap from
detection to the first response, time to mitigate and time to resolve from the start of the impact.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from incidents.models import Incident
from timeline.models import Event, EventKind


@dataclass(frozen=True)
class Interval:
    """A named stretch of time between two milestones; never negative."""

    name: str
    slug: str
    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        """How long it lasted."""
        return self.end - self.start


@dataclass(frozen=True)
class Milestones:
    """The instants that structure an incident; None where neither stated nor on the timeline."""

    started_at: datetime | None
    detected_at: datetime | None
    responded_at: datetime | None
    mitigated_at: datetime | None
    resolved_at: datetime | None

    @property
    def intervals(self) -> list[Interval]:
        """The intervals whose two ends are known and in order."""
        pairs = [
            ("Time to detect", "detect", self.started_at, self.detected_at),
            ("Detection-to-response gap", "respond", self.detected_at, self.responded_at),
            ("Time to mitigate", "mitigate", self.started_at, self.mitigated_at),
            ("Time to resolve", "resolve", self.started_at, self.resolved_at),
        ]
        return [
            Interval(name, slug, start, end)
            for name, slug, start, end in pairs
            if start is not None and end is not None and end >= start
        ]

    @property
    def duration(self) -> timedelta | None:
        """From the start of the impact to its end (mitigation if no resolution is known)."""
        end = self.resolved_at or self.mitigated_at
        if self.started_at is None or end is None or end < self.started_at:
            return None
        return end - self.started_at


def milestones_of(incident: Incident, events: Iterable[Event]) -> Milestones:
    """The milestones of `incident`; `events` are its timeline events in any order. Runs no query."""
    first: dict[str, datetime] = {}
    for event in events:
        known = first.get(event.kind)
        if known is None or event.occurred_at < known:
            first[event.kind] = event.occurred_at
    started_at = None if incident.occurred_is_date else incident.occurred_at
    return Milestones(
        started_at=started_at or first.get(EventKind.SIGNAL),
        detected_at=incident.detected_at or first.get(EventKind.DETECTION),
        responded_at=incident.responded_at or first.get(EventKind.RESPONSE),
        mitigated_at=incident.mitigated_at or first.get(EventKind.MITIGATION),
        resolved_at=incident.resolved_at or first.get(EventKind.RESOLUTION),
    )


def milestones_read(written: Mapping[str, str | None]) -> Milestones:
    """The milestones of a frozen review: instants in ISO 8601 by their names, None or absent where unknown."""
    names = [field.name for field in fields(Milestones)]
    return Milestones(**{name: datetime.fromisoformat(at) if (at := written.get(name)) else None for name in names})
