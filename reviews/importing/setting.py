"""The day and the zone that a write-up's bare times are to be read in."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from core.dates import DateMatch, match_date
from core.zone_words import ZONE_PATTERN, Zone, parse_zone

# In write-ups IST is India's far more often than Ireland's or Israel's; the reading is reported as a problem.
ASSUMED = {"IST": "Asia/Kolkata", "AST": "America/Halifax", "GST": "Asia/Dubai"}

_STATEMENT = re.compile(
    r"\b(?:[Tt]imes?|TIMES?|[Tt]imestamps?|[Tt]ime ?zones?|TZ|[Hh]ours)\b[^.\n|]{0,40}?(?<![\w/])("
    + ZONE_PATTERN
    + r")"
)
_LOOSE = re.compile(r"(?<![\w/:])(" + ZONE_PATTERN + r")")
_BEFORE = re.compile(r"(?<![\w/])(" + ZONE_PATTERN + r")\s+(?:times?\b|timestamps?\b|time zone\b)")
_AFTER_TIME = re.compile(
    r"\d:\d{2}(?::\d{2})?(?:\s?[aApP]\.?[mM]\.?)?\s?\(?(?![+\-\u2212]\d)("
    + ZONE_PATTERN
    + r"|(?:Eastern|Central|Mountain|Pacific)\b(?! Europ| time))"
)
_AMERICAN = re.compile(
    r"\b(?:[Tt]imes?|[Tt]imestamps?) (?:are |is |listed |given |shown )*(?:in )?(?:[A-Z]{2}[ /])?(Eastern|Pacific"
    r"|Central"
    r"|Mountain)\b(?!/)"
)
_DATE_START = re.compile(
    r"(?<![\w/.-])(?:\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}|\d{1,2}(?:st|nd|rd|th)?\.?[ -](?:of )?[A-Z][a-z]{2}"
    r"|[A-Z][a-z]{2,8}\.?[ -]\d{1,2})"
)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")


@dataclass(frozen=True)
class Setting:
    """What to assume where a time does not say it. `order` is that of numeric dates."""

    day: date | None = None
    year: int | None = None
    zone: Zone | None = None
    order: str | None = None

    def read(self, text: str, *, loose: bool = False) -> Setting:
        """This setting, changed by what a heading or sentence states; `loose` also takes a zone without "times in"."""
        zone = stated_zone(text, loose=loose)
        found = dates_in(text, self)
        return replace(
            self,
            zone=zone or self.zone,
            day=found[0] if found else self.day,
            year=found[0].year if found else self.year,
        )

    def resolve(self, match: DateMatch) -> date | None:
        """The full date; a year that was not written is the current one, or its neighbour at New Year."""
        if match.year is not None:
            return match.on(match.year)
        base = self.day
        year = base.year if base else self.year
        if year is None:
            return None
        day = match.on(year)
        if base is not None and (base - day).days > 240:
            return match.on(year + 1)
        return day


def stated_zone(text: str, *, loose: bool = False) -> Zone | None:
    """The zone a text says its times are in ("All times in CET"); None when it says none or two different ones."""
    found = [m[1] for m in _STATEMENT.finditer(text[:2000])] or [m[1] for m in _BEFORE.finditer(text[:2000])]
    if not found and loose:
        found = [m[1] for m in _LOOSE.finditer(text[:300]) if not m[1].isdigit() and m[1][0] not in "+-"]
    if not found and (american := _AMERICAN.search(text[:2000])) is not None:
        found = [f"{american[1]} time"]
    zones = []
    for word in found:
        try:
            zones.append(parse_zone(word, assume=ASSUMED))
        except ValueError:
            continue
    names = {(zone.name, zone.minutes) for zone in zones}
    return zones[0] if len(names) == 1 or (zones and not loose) else None


def zone_of_times(text: str) -> Zone | None:
    """The zone that stands behind times of day in a text, when it is always the same one."""
    zones: dict[tuple[str, int | None], Zone] = {}
    for match in _AFTER_TIME.finditer(text):
        try:
            place = "/" not in match[1] and match[1].endswith(("ern", "tral", "tain", "ific"))
            zone = parse_zone(f"{match[1]} time" if place else match[1], assume=ASSUMED)
        except ValueError:
            continue
        zones.setdefault((zone.name, zone.minutes), zone)
    return next(iter(zones.values())) if len(zones) == 1 else None


def dates_in(text: str, setting: Setting) -> list[date]:
    """The full dates a short text names, in order; those that do not exist or are ambiguous are left out."""
    found: list[date] = []
    for start in _DATE_START.finditer(text[:3000]):
        try:
            match = match_date(text, start.start(), order=setting.order)
            day = setting.resolve(match) if match else None
        except ValueError:
            continue
        if day is not None and day not in found:
            found.append(day)
    return found


def year_in(text: str) -> int | None:
    """The only year a short text names."""
    years = {int(match[1]) for match in _YEAR.finditer(text[:500])}
    return years.pop() if len(years) == 1 else None
