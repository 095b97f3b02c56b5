"""Milestones and the intervals between them."""

from datetime import UTC, datetime, timedelta

from incidents.models import Incident
from timeline.milestones import Milestones, milestones_of, milestones_read
from timeline.models import Event

START = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)


def after(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def milestones(**minutes: int) -> Milestones:
    names = ("started_at", "detected_at", "responded_at", "mitigated_at", "resolved_at")
    return Milestones(**{name: after(minutes[name]) if name in minutes else None for name in names})


def test_a_stated_time_wins_over_the_timeline() -> None:
    incident = Incident(occurred_at=START, detected_at=after(9))
    found = milestones_of(incident, [Event(kind="detection", occurred_at=after(5))])
    assert found.detected_at == after(9)


def test_the_first_event_of_a_kind_is_the_milestone_in_any_order() -> None:
    events = [Event(kind="mitigation", occurred_at=after(40)), Event(kind="mitigation", occurred_at=after(30))]
    assert milestones_of(Incident(occurred_at=START), events).mitigated_at == after(30)


def test_a_day_without_a_time_starts_no_clock() -> None:
    incident = Incident(occurred_at=START, occurred_is_date=True)
    found = milestones_of(incident, [Event(kind="resolution", occurred_at=after(30))])
    assert found.started_at is None
    assert found.duration is None


def test_each_interval_has_its_definition() -> None:
    found = milestones(started_at=0, detected_at=7, responded_at=10, mitigated_at=39, resolved_at=67)
    assert {one.slug: one.length for one in found.intervals} == {
        "detect": timedelta(minutes=7),
        "respond": timedelta(minutes=3),
        "mitigate": timedelta(minutes=39),
        "resolve": timedelta(minutes=67),
    }


def test_times_out_of_order_give_no_interval() -> None:
    assert milestones(started_at=10, detected_at=5).intervals == []


def test_the_impact_ends_with_mitigation_where_no_resolution_is_known() -> None:
    assert milestones(started_at=0, mitigated_at=20).duration == timedelta(minutes=20)


def test_what_a_version_holds_is_read_back() -> None:
    found = milestones_read({"started_at": "2026-03-14T12:00:00Z", "detected_at": None})
    assert found.started_at == START
    assert (found.detected_at, found.resolved_at) == (None, None)
