"""Instants and durations as people read them."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from django.utils import timezone as django_timezone
from hypothesis import given
from hypothesis import strategies as st

from core.templatetags.instants import duration, instant
from core.zones import zone_named

MOMENT = datetime(2026, 3, 14, 13, 3, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (None, ""),
        (timedelta(), "0 s"),
        (timedelta(seconds=59.9), "59 s"),
        (timedelta(minutes=1), "1 min"),
        (timedelta(minutes=72, seconds=5), "1 h 12 min"),
        (timedelta(hours=2), "2 h"),
        (timedelta(days=3, hours=4, minutes=5), "3 d 4 h"),
        (timedelta(days=1, minutes=5), "1 d"),
        (timedelta(days=400), "400 d"),
        (timedelta(minutes=-5), "\N{MINUS SIGN}5 min"),
    ],
)
def test_a_length_of_time_in_words(length: timedelta | None, words: str) -> None:
    assert duration(length) == words


@given(st.timedeltas(min_value=timedelta()))
def test_a_length_in_words_is_never_longer_than_it_was(length: timedelta) -> None:
    units = {"s": 1, "min": 60, "h": 3600, "d": 86400}
    parts = duration(length).split()
    said = sum(int(number) * units[unit] for number, unit in zip(parts[::2], parts[1::2], strict=True))
    assert 0 <= length.total_seconds() - said < 3600


def test_an_instant_is_shown_in_the_readers_zone_and_in_utc_on_hover() -> None:
    with django_timezone.override(zone_named("Europe/Berlin")):
        assert instant(MOMENT) == (
            '<time datetime="2026-03-14T13:03:05Z" title="2026-03-14 13:03 UTC">14 Mar 2026, 14:03 CET</time>'
        )


@pytest.mark.parametrize(
    ("form", "shown"), [("full", "14 Mar 2026, 18:33 IST"), ("time", "18:33"), ("date", "14 Mar 2026")]
)
def test_forms_of_an_instant(form: str, shown: str) -> None:
    with django_timezone.override(zone_named("Asia/Kolkata")):
        assert f">{shown}</time>" in instant(MOMENT, form)


def test_an_instant_written_elsewhere_is_the_same_instant() -> None:
    elsewhere = MOMENT.astimezone(timezone(timedelta(hours=-11)))
    with django_timezone.override(UTC):
        assert instant(elsewhere) == instant(MOMENT)


def test_the_day_is_that_of_the_reader() -> None:
    with django_timezone.override(zone_named("Pacific/Auckland")):
        assert ">15 Mar 2026</time>" in instant(MOMENT, "date")


def test_a_day_alone_has_no_zone() -> None:
    assert instant(date(2026, 3, 4)) == '<time datetime="2026-03-04">4 Mar 2026</time>'


def test_nothing_is_shown_for_no_instant() -> None:
    assert instant(None) == ""
