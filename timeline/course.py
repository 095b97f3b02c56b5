"""The course of an incident as its timeline tells it: its days, and times that are still to come."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from timeline.models import Event


@dataclass(frozen=True)
class Row:
    """An event as the table shows it: a new day above it, and whether its time is still to come."""

    event: Event
    new_day: date | None
    is_to_come: bool


def rows_of(events: Iterable[Event], *, now: datetime) -> list[Row]:
    """The events in order. Runs no query; what the order tells of the incident, the checker says."""
    rows: list[Row] = []
    day: date | None = None
    for event in sorted(events, key=lambda event: (event.occurred_at, event.position, event.pk or 0)):
        its_day = event.local_time.date()
        rows.append(Row(event, None if its_day == day else its_day, event.occurred_at > now))
        day = its_day
    return rows
