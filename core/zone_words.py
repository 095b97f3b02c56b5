"""Time zones as people write them: abbreviations, offsets and IANA names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from core.zones import zone_named

# An abbreviation with a fixed offset (minutes east of UTC), and the zone that uses it for part of the year.
_FIXED: dict[str, tuple[int, str]] = {
    "UTC": (0, "UTC"),
    "GMT": (0, "UTC"),
    "Z": (0, "UTC"),
    "WET": (0, "WET"),
    "WEST": (60, "WET"),
    "BST": (60, "Europe/London"),
    "CET": (60, "CET"),
    "CEST": (120, "CET"),
    "EET": (120, "EET"),
    "EEST": (180, "EET"),
    "SAST": (120, "Africa/Johannesburg"),
    "MSK": (180, "Europe/Moscow"),
    "SGT": (480, "Asia/Singapore"),
    "HKT": (480, "Asia/Hong_Kong"),
    "AWST": (480, "Australia/Perth"),
    "JST": (540, "Asia/Tokyo"),
    "KST": (540, "Asia/Seoul"),
    "AEST": (600, "Australia/Sydney"),
    "AEDT": (660, "Australia/Sydney"),
    "NZST": (720, "Pacific/Auckland"),
    "NZDT": (780, "Pacific/Auckland"),
    "BRT": (-180, "America/Sao_Paulo"),
    "EST": (-300, "America/New_York"),
    "EDT": (-240, "America/New_York"),
    "CST": (-360, "America/Chicago"),
    "CDT": (-300, "America/Chicago"),
    "MST": (-420, "America/Denver"),
    "MDT": (-360, "America/Denver"),
    "PST": (-480, "America/Los_Angeles"),
    "PDT": (-420, "America/Los_Angeles"),
    "AKST": (-540, "America/Anchorage"),
    "AKDT": (-480, "America/Anchorage"),
    "HST": (-600, "Pacific/Honolulu"),
}
# Words for a place's clock, whatever the season.
_PLACES: dict[str, str] = {
    "PT": "America/Los_Angeles",
    "MT": "America/Denver",
    "CT": "America/Chicago",
    "ET": "America/New_York",
    "PACIFIC": "America/Los_Angeles",
    "MOUNTAIN": "America/Denver",
    "CENTRAL": "America/Chicago",
    "EASTERN": "America/New_York",
    "UK": "Europe/London",
    "LONDON": "Europe/London",
}
# Abbreviations in use in several countries, with the meanings to offer.
AMBIGUOUS: dict[str, tuple[str, ...]] = {
    "IST": ("Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"),
    "AST": ("America/Halifax", "Asia/Riyadh"),
    "GST": ("Asia/Dubai",),
}

_SIGN = "[+\\-\u2212]"
ZONE_PATTERN = (
    rf"(?:(?:UTC|GMT|utc|gmt)[ ]?{_SIGN}[ ]?\d{{1,2}}(?::?\d{{2}})?(?!\d)"
    rf"|{_SIGN}\d{{1,2}}:\d{{2}}(?!\d)|{_SIGN}\d{{4}}(?!\d)"
    r"|(?:Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian|Pacific|Etc|US|Canada)"
    r"/[A-Za-z_+\-]{2,30}(?:/[A-Za-z_]{2,30})?"
    r"|(?:US[ ])?(?:Pacific|Eastern|Central|Mountain)(?:[ ](?:Standard|Daylight))?[ ][Tt]ime\b"
    r"|(?:UK|London)[ ]time\b"
    r"|(?:utc|gmt|Utc)\b|[Zz](?![A-Za-z0-9])"
    r"|(?:" + "|".join(sorted([*_FIXED, *AMBIGUOUS, "PT", "MT", "CT", "ET"], key=len, reverse=True)) + r")\b)"
)
_ZONE = re.compile(ZONE_PATTERN)
_OFFSET = re.compile(rf"(?:UTC|GMT)?\s?({_SIGN})\s?(\d{{1,2}}):?(\d{{2}})?", re.IGNORECASE)
_MAX_OFFSET = 14 * 60


class UnknownZone(ValueError):
    """No time zone of that name is known; the message says so to a person."""


class AmbiguousZone(UnknownZone):
    """The abbreviation is used in several parts of the world."""


@dataclass(frozen=True)
class Zone:
    """A zone as stated. `name` is an IANA name or "+02:00"; `minutes` is set when the offset itself was stated."""

    name: str
    minutes: int | None = None
    written: str = ""


UTC = Zone("UTC", 0)


def offset_name(minutes: int) -> str:
    """ "+02:00" for 120, "UTC" for 0."""
    if minutes == 0:
        return "UTC"
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def _offset_minutes(text: str) -> int:
    match = _OFFSET.fullmatch(text)
    if match is None:
        raise UnknownZone(f"“{text}” is not an offset from UTC. Write it like +02:00.")
    minutes = int(match[2]) * 60 + int(match[3] or 0)
    if minutes > _MAX_OFFSET or int(match[3] or 0) > 59:
        raise UnknownZone(f"No place on Earth is {text} away from UTC. Offsets end at +14:00.")
    return minutes if match[1] == "+" else -minutes


def parse_zone(text: str, *, assume: dict[str, str] | None = None) -> Zone:
    """Read a zone as written: "PST", "+0200", "UTC+1", "Europe/Berlin", "Eastern time".

    `assume` gives the IANA name to take for an ambiguous abbreviation; without it AmbiguousZone is raised.
    """
    word = text.strip().strip("[]()")
    upper = word.upper().removeprefix("US ")
    if upper in _FIXED:
        minutes, name = _FIXED[upper]
        return Zone(name, minutes, word)
    if upper in AMBIGUOUS:
        if assume and upper in assume:
            return Zone(assume[upper], None, word)
        choices = " or ".join(AMBIGUOUS[upper])
        raise AmbiguousZone(f"{upper} means different zones in different countries. Write {choices}.")
    place = upper.split(" ")[0] if upper.endswith(" TIME") else upper
    if place in _PLACES and (place != upper or len(upper) == 2):
        season = {"STANDARD": "S", "DAYLIGHT": "D"}.get(upper.split(" ")[1]) if upper.count(" ") == 2 else None
        if season:
            return parse_zone(f"{place[0]}{season}T")
        return Zone(_PLACES[place], None, word)
    if _OFFSET.fullmatch(word):
        minutes = _offset_minutes(word)
        return Zone(offset_name(minutes), minutes, word)
    if "/" in word:
        try:
            zone_named(word)
        except ValueError:
            pass
        else:
            return Zone(word, None, word)
    raise UnknownZone(f"“{text.strip()[:40]}” is not a time zone we know. Write UTC, Europe/London or +02:00.")


def match_zone(text: str, pos: int = 0) -> re.Match[str] | None:
    """The zone that stands at exactly this position, if one does."""
    return _ZONE.match(text, pos)


def settle(naive: datetime, zone: Zone) -> tuple[datetime, str]:
    """The aware instant for a wall-clock time in a stated zone, and the zone's name at that instant.

    A stated offset is taken literally: PST in July stays eight hours behind UTC, and its name is then "-08:00".
    Python's `fold` of the naive time decides between the two readings of an hour that happens twice.
    """
    if zone.minutes is None:
        return naive.replace(tzinfo=zone_named(zone.name)), zone.name
    fixed = timezone(timedelta(minutes=zone.minutes))
    aware = naive.replace(tzinfo=fixed, fold=0)
    if zone.name[:1] not in "+-":
        local = aware.astimezone(zone_named(zone.name))
        if local.utcoffset() == aware.utcoffset():
            return local, zone.name
    return aware, offset_name(zone.minutes)
