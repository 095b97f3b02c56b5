"""Form fields for what people type about time: zones, days and exact instants."""

import re
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from core.dates import DateProblem, match_date
from core.zone_words import UnknownZone, parse_zone
from core.zones import zone_named

_AHEAD = re.compile(r"(?:in\s+|\+\s*)(\d{1,3})\s*(d|days?|w|weeks?|m|months?)", re.IGNORECASE)
_AHEAD_DAYS = {"d": 1, "w": 7, "m": 30}


class ZoneField(forms.CharField):
    """A time zone; cleans to an IANA name, "UTC" or "+02:00". Reads "CET", "berlin" and "UTC+1" as well."""

    def to_python(self, value: Any) -> str:
        """The zone's name, or "" where nothing was typed."""
        text = super().to_python(value)
        return read_zone(text) if text else ""


class DueField(forms.CharField):
    """A day to come: "2026-12-01", "1 Dec", "+2w", "tomorrow"; cleans to a date or None."""

    def to_python(self, value: Any) -> date | None:  # type: ignore[override]
        """The day, counted from today in the reader's zone where it is relative or has no year."""
        text = super().to_python(value)
        return read_day(text, timezone.localdate()) if text else None

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another text was typed."""
        return str(initial or "") != str(data or "")


def read_zone(text: str) -> str:
    """The name of the zone that people call `text`. ValidationError with what to write instead."""
    word = text.strip()
    folded = word.replace(" ", "_").casefold()
    if folded in _places():
        return _places()[folded]
    try:
        zone = parse_zone(word)
        zone_named(zone.name)
    except UnknownZone as problem:
        raise ValidationError(str(problem)) from problem
    except ValueError as problem:
        raise ValidationError(str(problem)) from problem
    return zone.name


@cache
def _places() -> dict[str, str]:
    """Zones by their names in lower case, and by their city where only one zone has it."""
    names = {name.casefold(): name for name in available_timezones() if "/" in name or name == "UTC"}
    cities: dict[str, list[str]] = {}
    for name in names.values():
        if name.partition("/")[0] not in ("Etc", "US", "Brazil", "Canada", "Chile", "Mexico"):
            cities.setdefault(name.rpartition("/")[2].casefold(), []).append(name)
    return {city: found[0] for city, found in cities.items() if len(found) == 1} | names


def read_day(text: str, today: date) -> date:
    """The day that `text` names, seen from `today`: a date, "+2w", "in 10 days", "tomorrow".

    A day without a year is the next one of its kind. ValidationError with what to write instead.
    """
    word = text.strip()
    if word.casefold() in ("today", "tomorrow"):
        return today + timedelta(days=int(word.casefold() == "tomorrow"))
    if ahead := _AHEAD.fullmatch(word):
        return today + timedelta(days=int(ahead[1]) * _AHEAD_DAYS[ahead[2][0].lower()])
    try:
        match = match_date(word)
        if match is None or word[match.end :].strip():
            raise ValidationError(f"“{word[:40]}” is not a day we can read. Write it like 2026-12-01, 1 Dec or +2w.")
        day = match.on(today.year)
        return match.on(today.year + 1) if match.year is None and day < today else day
    except DateProblem as problem:
        raise ValidationError(str(problem)) from problem


def typed_form(moment: datetime | None, zone: str, *, only_day: bool = False) -> str:
    """An instant as it stands in a field for typing: "2026-03-14 14:03" in `zone`, with seconds where it has any."""
    if moment is None:
        return ""
    local = moment.astimezone(zone_named(zone))
    if only_day:
        return f"{local:%Y-%m-%d}"
    return f"{local:%Y-%m-%d %H:%M:%S}" if local.second or local.microsecond else f"{local:%Y-%m-%d %H:%M}"
