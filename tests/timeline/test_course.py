"""What the table says about the order of events."""

from datetime import UTC, datetime, timedelta

from timeline.course import rows_of
from timeline.models import Event

START = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
LATER = START + timedelta(days=90)


def event(minutes: float, kind: str = "note", zone: str = "UTC") -> Event:
    return Event(occurred_at=START + timedelta(minutes=minutes), kind=kind, zone=zone, text="x")


def test_gaps_over_half_an_hour_are_shown() -> None:
    rows = rows_of([event(0), event(30), event(61)], now=LATER)
    assert [row.gap for row in rows] == [None, None, timedelta(minutes=31)]


def test_a_new_day_stands_above_its_first_event() -> None:
    rows = rows_of([event(0), event(5), event(12 * 60)], now=LATER)
    assert [row.new_day is not None for row in rows] == [True, False, True]


def test_a_phase_before_an_earlier_one_is_questioned_once() -> None:
    rows = rows_of([event(0, "response"), event(5, "detection"), event(9, "response")], now=LATER)
    assert rows[0].problems == ["The first response stands before detection: is one of the times wrong?"]
    assert rows[1].problems == rows[2].problems == []


def test_phases_in_order_raise_no_question() -> None:
    kinds = ["change", "signal", "detection", "escalation", "response", "mitigation", "note", "resolution"]
    rows = rows_of([event(n, kind) for n, kind in enumerate(kinds)], now=LATER)
    assert not any(row.problems for row in rows)


def test_a_wrong_day_and_a_time_to_come_are_questioned() -> None:
    rows = rows_of([event(0), event(60 * 13)], now=START)
    assert len(rows[1].problems) == 2
