"""The course of an incident as its timeline tells it: days, gaps, and times that contradict each other."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from timeline.models import Event, EventKind

LONG_GAP = timedelta(minutes=30)
WRONG_DAY = timedelta(hours=12)

# Each phase begins after the ones before it; what people call these moments in a sentence.
_PHASES = {
    EventKind.SIGNAL: "the first signal",
    EventKind.DETECTION: "detection",
    EventKind.RESPONSE: "the first response",
    EventKind.MITIGATION: "mitigation",
    EventKind.RESOLUTION: "resolution",
}


@dataclass
class Row:
    """An event as the table shows it: a new day above it, the time since the last event, and what looks wrong."""

    event: Event
    new_day: date | None = None
    gap: timedelta | None = None
    problems: list[str] = field(default_factory=list)


def rows_of(events: Iterable[Event], *, now: datetime) -> list[Row]:
    """The events in order, each with what there is to say about its place. Runs no query."""
    ordered = sorted(events, key=lambda event: (event.occurred_at, event.position, event.pk or 0))
    first = _first_of_each_phase(ordered)
    rows: list[Row] = []
    for event in ordered:
        row = Row(event)
        above = rows[-1].event if rows else None
        if above is None or above.local_time.date() != event.local_time.date():
            row.new_day = event.local_time.date()
        if above is not None and event.occurred_at - above.occurred_at > LONG_GAP:
            row.gap = event.occurred_at - above.occurred_at
            if row.gap > WRONG_DAY:
                row.problems.append("More than half a day after the event above: is the day right?")
        if event.occurred_at > now:
            row.problems.append("This time is still to come.")
        if first.get(event.kind) is event:
            row.problems.extend(_out_of_order(event, first))
        rows.append(row)
    return rows


def _first_of_each_phase(ordered: list[Event]) -> dict[str, Event]:
    first: dict[str, Event] = {}
    for event in ordered:
        if event.kind in _PHASES:
            first.setdefault(event.kind, event)
    return first


def _out_of_order(event: Event, first: dict[str, Event]) -> list[str]:
    """Names the earlier phases whose first event stands below this one."""
    order = list(_PHASES)
    here = order.index(EventKind(event.kind))
    late = [_PHASES[kind] for kind in order[:here] if kind in first and first[kind].occurred_at > event.occurred_at]
    if not late:
        return []
    subject = _PHASES[EventKind(event.kind)]
    return [f"{subject[0].upper()}{subject[1:]} stands before {' and '.join(late)}: is one of the times wrong?"]
