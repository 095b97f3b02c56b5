"""The time of a timeline event as it is typed into the table."""

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone

from core.instants import Instant, parse_instant
from core.zones import zone_named
from incidents.models import Incident
from timeline.models import Event

_NEXT_DAY_AFTER = timedelta(hours=12)


def read_time(
    text: str, zone: str, *, previous: datetime | None, first: datetime | None = None, day: date | None = None
) -> Instant:
    """The instant of a row: "14:03", "+5m" (from `previous`), "yesterday 23:50", ISO; naive times are in `zone`.

    A time without a day falls on the day of the `previous` event (or `day`, or today), and on the day after it when
    it would lie more than twelve hours before that event and before the `first` one: "00:10" below 23:50 is after
    midnight, "10:15" below 17:30 is something remembered later. ValidationError with what to write instead.
    """
    here = zone_named(zone)
    reference = previous.astimezone(here).date() if previous else day or timezone.localdate(timezone=here)
    try:
        found = parse_instant(text, default_date=reference, zone=zone, previous=previous)
        too_early = previous is not None and previous - found.at > _NEXT_DAY_AFTER and found.at < (first or previous)
        if too_early and "day" not in text.lower():  # "yesterday" and "today" mean what they say
            # A time with a date of its own is the same whatever day it is read on.
            found = parse_instant(text, default_date=reference + timedelta(days=1), zone=zone, previous=previous)
    except (ValueError, OverflowError) as problem:
        raise ValidationError(str(problem)) from problem
    return found


def day_of(incident: Incident) -> date | None:
    """The day on which the impact began, in the incident's zone."""
    return incident.occurred_at.astimezone(zone_named(incident.time_zone)).date() if incident.occurred_at else None


def event_before(events: list[Event], pk: int | None) -> Event | None:
    """The event that stands above the one with `pk` in `events`; the last one for a new row (`pk` None)."""
    above: Event | None = None
    for event in events:
        if event.pk == pk:
            return above
        above = event
    return above if pk is None else None
