"""The time of a row, read beside the rows above it."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError

from timeline.typed_times import read_time


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc]


PREVIOUS = at(2026, 3, 14, 23, 50)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("23:55", at(2026, 3, 14, 23, 55)),
        ("00:10", at(2026, 3, 15, 0, 10)),
        ("+5m", at(2026, 3, 14, 23, 55)),
        ("+1h 10m", at(2026, 3, 15, 1, 0)),
        ("yesterday 23:50", at(2026, 3, 13, 23, 50)),
        ("2026-03-14 00:10", at(2026, 3, 14, 0, 10)),
        ("11:51pm", at(2026, 3, 14, 23, 51)),
    ],
)
def test_a_time_is_read_from_the_event_above(text: str, expected: datetime) -> None:
    found = read_time(text, "UTC", previous=PREVIOUS, first=at(2026, 3, 14, 22, 0))
    assert found.at == expected


def test_an_earlier_time_within_the_timeline_stays_on_its_day() -> None:
    found = read_time("10:15", "UTC", previous=PREVIOUS, first=at(2026, 3, 14, 9, 0))
    assert found.at == at(2026, 3, 14, 10, 15)


def test_the_first_row_falls_on_the_day_of_the_impact() -> None:
    found = read_time("14:03", "Europe/Berlin", previous=None, day=date(2026, 7, 1))
    assert found.at == at(2026, 7, 1, 12, 3)
    assert found.zone == "Europe/Berlin"


@pytest.mark.parametrize("text", ["2026-02-30 10:00", "25:00", "+5m", "soon", "9" * 60, "\x00", "2026-13-01 10:00"])
def test_what_names_no_time_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValidationError):
        read_time(text, "UTC", previous=None, day=date(2026, 7, 1))
