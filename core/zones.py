"""Time zones by their IANA names or as fixed offsets."""

import re
from datetime import UTC, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError

_OFFSET = re.compile(r"([+-])(\d{2}):?(\d{2})")


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    # Python looks through its whole folder of zones for this; a pasted timeline may name a wrong one on every line.
    return frozenset(available_timezones())


@lru_cache(maxsize=700)
def zone_named(name: str) -> tzinfo:
    """The zone of an IANA name ("Europe/Berlin"), "UTC", or a fixed offset ("+02:00").

    Raises ValueError for anything else.
    """
    if name == "UTC":
        return UTC
    offset = _OFFSET.fullmatch(name)
    if offset:
        sign = -1 if offset[1] == "-" else 1
        hours, minutes = int(offset[2]), int(offset[3])
        if hours > 14 or minutes > 59:
            raise ValueError(f"{name} is not an offset from UTC.")
        return timezone(sign * timedelta(hours=hours, minutes=minutes))
    if name not in _known():
        raise ValueError(f'"{name}" is not a time zone; use a name such as Europe/Berlin, UTC or +02:00.')
    return ZoneInfo(name)


def validate_zone(name: str) -> None:
    """Django validator for a zone's name."""
    try:
        zone_named(name)
    except ValueError as problem:
        raise ValidationError(str(problem)) from problem
