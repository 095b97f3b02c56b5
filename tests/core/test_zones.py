"""Time zones by name, and as people write them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from core.zone_words import AmbiguousZone, UnknownZone, Zone, match_zone, offset_name, parse_zone, settle
from core.zones import validate_zone, zone_named

SUMMER = datetime(2026, 7, 1, 12, 0)
WINTER = datetime(2026, 1, 1, 12, 0)


@pytest.mark.parametrize(
    ("name", "hours"), [("UTC", 0), ("Europe/Berlin", 2), ("America/New_York", -4), ("+05:30", 5.5), ("-0330", -3.5)]
)
def test_a_zone_by_its_name(name: str, hours: float) -> None:
    assert SUMMER.replace(tzinfo=zone_named(name)).utcoffset() == timedelta(hours=hours)


@pytest.mark.parametrize(
    "name",
    ["", "utc ", "Berlin", "Europe/Nowhere", "../etc/passwd", "/etc/localtime", "+15:00", "+01:60", "x\x00", "+1"],
)
def test_what_is_no_zone_is_refused_with_its_name(name: str) -> None:
    with pytest.raises(ValueError) as refused:
        zone_named(name)
    assert name in str(refused.value)
    with pytest.raises(ValidationError):
        validate_zone(name)


@pytest.mark.parametrize(
    ("written", "zone", "minutes"),
    [
        ("UTC", "UTC", 0),
        ("Z", "UTC", 0),
        ("GMT", "UTC", 0),
        ("PST", "America/Los_Angeles", -480),
        ("pdt", "America/Los_Angeles", -420),
        ("CEST", "CET", 120),
        ("BST", "Europe/London", 60),
        ("+02:00", "+02:00", 120),
        ("+0530", "+05:30", 330),
        ("UTC-3", "-03:00", -180),
        ("GMT+1", "+01:00", 60),
        ("\u22122:00", "-02:00", -120),
        ("[Europe/Berlin]", "Europe/Berlin", None),
        ("(ET)", "America/New_York", None),
        ("Pacific time", "America/Los_Angeles", None),
        ("US Eastern Standard Time", "America/New_York", -300),
        ("UK time", "Europe/London", None),
    ],
)
def test_zones_as_people_write_them(written: str, zone: str, minutes: int | None) -> None:
    found = parse_zone(written)
    assert (found.name, found.minutes) == (zone, minutes)


@pytest.mark.parametrize("written", ["IST", "ist", "AST", "GST"])
def test_an_abbreviation_of_several_countries_is_asked_about(written: str) -> None:
    with pytest.raises(AmbiguousZone, match="different zones"):
        parse_zone(written)


def test_an_assumption_settles_an_ambiguous_abbreviation() -> None:
    assert parse_zone("IST", assume={"IST": "Asia/Kolkata"}) == Zone("Asia/Kolkata", None, "IST")


@pytest.mark.parametrize("written", ["", "XYZ", "+24:00", "+15:59", "+01:75", "Europe/Nowhere", "UTC+99", "pacific"])
def test_what_no_place_has_is_no_zone(written: str) -> None:
    with pytest.raises(UnknownZone):
        parse_zone(written)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("UTC", "UTC"),
        ("UTC+2 and so on", "UTC+2"),
        ("+02:00", "+02:00"),
        ("Europe/Berlin]", "Europe/Berlin"),
        ("America/Argentina/Salta", "America/Argentina/Salta"),
        ("PT.", "PT"),
    ],
)
def test_a_zone_is_found_where_it_stands(text: str, zone: str) -> None:
    match = match_zone(text)
    assert match is not None
    assert match[0] == zone


@pytest.mark.parametrize("text", ["Zebra", "PSTN", "ETA", "+5", "+02:001", "utcx", "CTO", "", "x UTC"])
def test_a_word_that_only_begins_like_a_zone_is_none(text: str) -> None:
    assert match_zone(text) is None


def test_a_stated_offset_is_taken_literally_whatever_the_season() -> None:
    at, name = settle(SUMMER, parse_zone("PST"))
    assert (at.astimezone(UTC).hour, name) == (20, "-08:00")
    at, name = settle(WINTER, parse_zone("PST"))
    assert (at.astimezone(UTC).hour, name) == (20, "America/Los_Angeles")


@given(st.integers(-14 * 60, 14 * 60))
def test_offsets_come_back_as_they_were_named(minutes: int) -> None:
    zone = parse_zone(offset_name(minutes))
    assert zone.minutes == minutes
    assert SUMMER.replace(tzinfo=zone_named(zone.name)).utcoffset() == timedelta(minutes=minutes)


@given(st.text(max_size=60))
def test_any_words_are_a_zone_or_told_not_to_be(text: str) -> None:
    try:
        zone = parse_zone(text)
    except UnknownZone:
        return
    zone_named(zone.name)
