"""What the table says about the days of events."""

from datetime import UTC, datetime, timedelta

from timeline.course import rows_of
from timeline.models import Event

START = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
LATER = START + timedelta(days=90)


def event(minutes: float, kind: str = "note", zone: str = "UTC") -> Event:
    return Event(occurred_at=START + timedelta(minutes=minutes), kind=kind, zone=zone, text="x")


def test_a_new_day_stands_above_its_first_event() -> None:
    rows = rows_of([event(0), event(12 * 60), event(5)], now=LATER)
    assert [row.new_day is not None for row in rows] == [True, False, True]


def test_a_time_to_come_is_told() -> None:
    rows = rows_of([event(0), event(60)], now=START + timedelta(minutes=1))
    assert [row.is_to_come for row in rows] == [False, True]
