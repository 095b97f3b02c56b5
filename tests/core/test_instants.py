"""Exact instants from what a person types or a machine sends."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.instants import (
    DateProblem,
    InstantProblem,
    MissingZone,
    TimeProblem,
    UnknownZone,
    from_epoch,
    parse_instant,
)
from core.zones import zone_named

NOON = datetime(2026, 10, 1, 12, 0, tzinfo=UTC)
PROBLEMS = (InstantProblem, DateProblem, TimeProblem, UnknownZone)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("2026-10-01T12:00:00Z", "UTC"),
        ("2026-10-01t12:00z", "UTC"),
        ("20261001T120000Z", "UTC"),
        ("2026-10-01T120000Z", "UTC"),
        ("2026-10-01 12:00 UTC", "UTC"),
        ("2026-10-01T14:00:00+02:00", "+02:00"),
        ("2026-10-01T14:00:00+0200", "+02:00"),
        ("2026-10-01T10:00:00 \u22122:00", "-02:00"),
        ("2026-10-01T14:00:00[Europe/Berlin]", "Europe/Berlin"),
        ("2026-10-01T14:00:00+02:00[Europe/Berlin]", "Europe/Berlin"),
        ("2026-10-01 14:00 (Europe/Berlin)", "Europe/Berlin"),
        ("Thu, 01 Oct 2026 12:00:00 GMT", "UTC"),
        ("1 Oct 2026 5:00am PDT", "America/Los_Angeles"),
        ("October 1, 2026 at 8:00 AM Eastern time", "America/New_York"),
        ("12:00 on 1 October 2026 UTC", "UTC"),
        ("2026-10-01 07:00 EST", "-05:00"),
        ("2026-10-01 noon UTC", "UTC"),
        ("  2026-10-01\u00a012:00 UTC\n", "UTC"),
    ],
)
def test_ways_to_write_an_instant(text: str, zone: str) -> None:
    found = parse_instant(text)
    assert (found.at, found.zone) == (NOON, zone)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("14:00", NOON),
        ("yesterday 14:00", NOON - timedelta(days=1)),
        ("tomorrow at 2pm", NOON + timedelta(days=1)),
        ("today 12:00 UTC", NOON),
        ("2 Oct 14:00", NOON + timedelta(days=1)),
        ("+5m", NOON + timedelta(minutes=5)),
        ("+1h 10min", NOON + timedelta(minutes=70)),
        ("+ 2d 3s", NOON + timedelta(days=2, seconds=3)),
    ],
)
def test_what_is_not_written_comes_from_around_it(text: str, expected: datetime) -> None:
    found = parse_instant(text, default_date=date(2026, 10, 1), zone="Europe/Berlin", previous=NOON)
    assert found.at == expected


@pytest.mark.parametrize("text", ["2026-10-01T12:00", "2026-10-01T12:00:00", "1 Oct 2026 noon"])
def test_a_time_without_a_zone_is_never_taken_for_utc(text: str) -> None:
    with pytest.raises(MissingZone, match="no time zone"):
        parse_instant(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no time here"),
        ("x" * 101, "too long"),
        ("2026-10-01", "a day without a time"),
        ("14:03 UTC", "no date"),
        ("yesterday 14:03", "depends on the day"),
        ("1767225600", "is a number"),
        ("-1", "is a number"),
        ("+5m", "counts from an earlier event"),
        ("last friday", "not a time we can read"),
        ("1 Oct 12:00 UTC", "has no year"),
        ("12:00 on 1 Oct UTC", "has no year"),
        ("2026-10-01T12:00:00Z|2026-10-01T11:59:59Z", "not part of a time"),
        ("2026-10-01 12:00 UTC or so", "not part of a time"),
        ("2026-10-01T24:00:00Z", "00:00 of the next day"),
        ("2026-10-01T23:59:60Z", "no second 60"),
        ("2026-02-29T12:00Z", "does not exist"),
        ("2026-10-01T12:00:00+24:00", "away from UTC"),
        ("2026-10-01T12:00:00 IST", "different zones"),
        ("01/02/2026 12:00 UTC", "two ways"),
        ("=DATE(2026,10,1)", "not a time we can read"),
    ],
)
def test_what_names_no_instant_is_told_why(text: str, said: str) -> None:
    with pytest.raises(PROBLEMS, match=said):
        parse_instant(text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-29T02:30:00 Europe/Berlin", "2026-03-08T02:30:00 America/New_York", "2011-12-30T12:00:00 Pacific/Apia",
        "2026-10-04T02:15 Australia/Lord_Howe",
    ],
)  # fmt: skip
def test_a_time_that_the_clocks_jumped_over_is_refused(text: str) -> None:
    with pytest.raises(InstantProblem, match="never happened"):
        parse_instant(text)


@pytest.mark.parametrize("text", ["2026-10-25T02:30:00 Europe/Berlin", "2026-04-05T01:45 Australia/Lord_Howe"])
def test_a_time_that_the_clocks_showed_twice_asks_for_the_offset(text: str) -> None:
    with pytest.raises(InstantProblem, match=r"happened twice.*Write the offset"):
        parse_instant(text)


def test_an_offset_settles_a_time_that_happened_twice() -> None:
    first = parse_instant("2026-10-25T02:30:00+02:00")
    second = parse_instant("2026-10-25T02:30:00 CET")
    assert second.at - first.at == timedelta(hours=1)


@pytest.mark.parametrize(
    ("default", "text"),
    [(date(1, 1, 1), "yesterday 12:00"), (date(9999, 12, 31), "tomorrow 12:00"), (date(1, 1, 1), "00:30")],
)
def test_a_day_at_the_end_of_time_is_a_message(default: date, text: str) -> None:
    with pytest.raises(DateProblem):
        parse_instant(text, default_date=default, zone="+05:30")


def test_steps_do_not_lead_out_of_the_calendar() -> None:
    with pytest.raises(DateProblem, match="out of range"):
        parse_instant("+9999d", previous=datetime(2199, 1, 1, tzinfo=UTC))
    with pytest.raises(DateProblem, match="after the year"):
        parse_instant("+9999d", previous=datetime(9999, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("value", ["1767225600.000200", 1767225600.0002])
def test_seconds_since_1970_as_chat_tools_send_them(value: str | float) -> None:
    assert from_epoch(value) == datetime(2026, 1, 1, 0, 0, 0, 200, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    ["", "x", "NaN", "inf", "-inf", "1e400", "-1", "0", "1e10", "1767225600,5", "1767225600000000", None, True, []],
)
def test_other_counts_are_refused(value: str) -> None:
    with pytest.raises(InstantProblem):
        from_epoch(value)


MOMENTS = st.datetimes(datetime(1971, 1, 1), datetime(2198, 12, 31), timezones=st.just(UTC))
ZONES = st.sampled_from(
    ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "+05:30", "-11:00"]
)


@given(MOMENTS, ZONES)
def test_iso_comes_back_exactly(moment: datetime, zone: str) -> None:
    local = moment.astimezone(zone_named(zone))
    if (local.utcoffset() or timedelta()).total_seconds() % 60:
        return  # offsets of long ago had seconds, which ISO 8601 cannot say
    assert parse_instant(local.isoformat()).at == moment


@given(MOMENTS, ZONES)
def test_a_wall_clock_time_comes_back_or_is_told_to_be_doubtful(moment: datetime, zone: str) -> None:
    local = moment.astimezone(zone_named(zone)).replace(second=0, microsecond=0)
    try:
        found = parse_instant(f"{local:%Y-%m-%d %H:%M}", zone=zone)
    except InstantProblem as problem:
        assert "happened twice" in str(problem)
    else:
        assert found.at == local


PIECES = st.sampled_from(
    [
        "2026-10-01", "14:03", "T", "Z", "UTC", "+02:00", "IST", "Europe/Berlin", "(", "]", " ", "yesterday", "tomorrow",
        "+5m", "+9999d", "noon", "pm", "14 March", "2026", "9999", "-", ".", ",", "at", "on", "²", "١٤", "\x00", "\ud800",
        "Pacific time", "25:61", "31 June", "2199-12-31", "1970-01-01",
    ]
)  # fmt: skip
NEAR = st.one_of(st.none(), st.dates())


@given(st.lists(PIECES, max_size=6).map("".join) | st.text(max_size=110), NEAR, st.one_of(st.none(), ZONES))
def test_any_text_is_an_instant_or_a_message(text: str, default: date | None, zone: str | None) -> None:
    previous = datetime(2026, 1, 1, tzinfo=UTC)
    try:
        found = parse_instant(text, default_date=default, zone=zone, previous=previous)
    except PROBLEMS as problem:
        assert str(problem)
    else:
        assert found.at.utcoffset() is not None
        assert 1969 <= found.at.astimezone(UTC).year <= 2200


def test_no_malformed_date_is_more_than_a_message(shared: Path) -> None:
    lines = (shared / "data/security/dates-malformed.jsonl").read_text().splitlines()
    for text in (json.loads(line)["payload"] for line in lines):
        for options in ({}, {"zone": "Europe/Berlin"}, {"zone": "UTC", "default_date": date(2026, 1, 1)}):
            try:
                found = parse_instant(text, **options)
            except PROBLEMS as problem:
                assert str(problem), text
            else:
                assert 1970 <= found.at.year < 2200, text
