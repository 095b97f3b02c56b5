"""When an incident began, as a person types it: an instant, or only a day."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone

from core.dates import match_date
from core.instants import parse_instant
from core.zones import zone_named


@dataclass(frozen=True)
class When:
    """An aware instant; midnight in the zone it was typed in where `only_day` is all that is known."""

    at: datetime
    zone: str
    only_day: bool = False


def read_when(text: str, zone: str, *, after: datetime | None = None, day_is_enough: bool = False) -> When:
    """Read "14:03", "2:03pm", "yesterday 23:50", "+5m", "2026-03-14 14:03 CET" or, if enough, "2026-03-14".

    What names no day falls on the day of `after`, or else on the last day on which that time has already been.
    "+5m" counts from `after`. `zone` counts where the text names none. ValidationError with what to write instead.
    """
    now = timezone.now()
    reference = (after or now).astimezone(zone_named(zone))
    try:
        if day_is_enough and (day := match_date(text.strip())) is not None and not text.strip()[day.end :].strip():
            midnight = datetime.combine(day.on(reference.year), time(), zone_named(zone))
            return When(midnight, zone, only_day=True)
        found = parse_instant(text, default_date=reference.date(), zone=zone, previous=after)
        if after is None and found.at > now + timedelta(minutes=5) and found.at - now < timedelta(days=1):
            earlier = parse_instant(text, default_date=reference.date() - timedelta(days=1), zone=zone)
            found = earlier if earlier.at <= now else found
    except (ValueError, OverflowError) as problem:
        raise ValidationError(str(problem)) from problem
    return When(found.at, found.zone)
