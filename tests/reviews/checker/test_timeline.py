"""The timeline: what structures an incident is there and in order, and the time between is told."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from reviews.checker.material import FactorTold, Material, ViewTold, WhyTold
from tests.reviews.checker.made import BEGAN, at, event, found, rules
from timeline.milestones import Milestones

NAMES = {
    "detected_at": "detection",
    "responded_at": "response",
    "mitigated_at": "mitigation",
    "resolved_at": "resolution",
}


def told(*events: Any, **more: Any) -> Material:
    """A timeline; milestones are told by its events unless they are given."""
    by_kind = {one.kind: one.at for one in reversed(events)}
    stated = {name: more.pop(name) for name in NAMES if name in more}
    known = {name: stated.get(name) or by_kind.get(kind) for name, kind in NAMES.items()}
    unknown = dict.fromkeys(NAMES)
    return Material(
        events=tuple(sorted(events, key=lambda one: one.at)),
        milestones=Milestones(started_at=BEGAN, **known),  # type: ignore[arg-type]
        stated=Milestones(started_at=BEGAN, **{**unknown, **stated}),  # type: ignore[arg-type]
        **{"began": BEGAN, **more},
    )


COURSE = (event(1, 5, "detection"), event(2, 10, "response"), event(3, 30, "mitigation"), event(4, 50, "resolution"))


def test_a_whole_course_is_fine() -> None:
    assert rules(told(*COURSE), "timeline") == []


def test_an_empty_timeline_is_said_once() -> None:
    [one] = found(Material(began=BEGAN, milestones=Milestones(BEGAN, None, None, None, None)), "timeline")
    assert (one.rule, one.where, one.message) == ("timeline-no-detection", "timeline", "The timeline is empty.")


def test_what_is_not_told_is_named() -> None:
    assert rules(told(event(1, 0, "signal")), "timeline") == [
        ("no-detection", "timeline"),
        ("no-escalation", "timeline"),
        ("no-mitigation", "timeline"),
    ]


def test_an_escalation_or_a_resolution_is_enough() -> None:
    assert rules(told(event(1, 0, "detection"), event(2, 5, "escalation"), event(3, 9, "resolution")), "timeline") == []


def test_facts_count_as_well_as_events() -> None:
    facts = {"detected_at": at(1), "responded_at": at(2), "mitigated_at": at(3)}
    assert rules(told(event(1, 0, "signal"), **facts), "timeline") == []


def test_a_milestone_before_the_impact_began_is_found_at_its_event() -> None:
    [one] = found(told(event(1, -10, "detection"), *COURSE[1:]), "timeline")
    assert (one.rule, one.where) == ("timeline-before-impact", "event:1")
    assert one.message == "The detection (11:50) stands before the impact began (14 March 2026, 12:00 UTC)."


def test_a_change_or_a_signal_may_come_before_the_impact() -> None:
    assert rules(told(event(7, -20, "change"), event(8, -5, "signal"), *COURSE), "timeline") == []


def test_where_only_the_day_is_known_its_whole_day_may_hold_milestones() -> None:
    course = told(*COURSE, began=date(2026, 3, 14))
    assert rules(course, "timeline") == []
    assert rules(replace(course, began=date(2026, 3, 15)), "timeline")[0] == ("before-impact", "event:1")


def test_milestones_out_of_order_are_found_at_the_one_that_comes_too_early() -> None:
    [one] = found(told(event(1, 20, "detection"), event(2, 10, "response"), *COURSE[2:]), "timeline")
    assert (one.rule, one.where) == ("timeline-out-of-order", "event:2")
    assert one.message == "The first response stands before the detection."


def test_an_escalation_comes_after_the_impact_began_and_after_the_detection() -> None:
    early = told(event(9, 3, "escalation"), *COURSE)
    assert rules(early, "timeline") == [("out-of-order", "event:9")]
    earlier = told(event(9, -3, "escalation"), *COURSE)
    assert ("before-impact", "event:9") in rules(earlier, "timeline")


def test_an_event_that_contradicts_the_facts_is_found() -> None:
    [one] = found(told(*COURSE, mitigated_at=at(25)), "timeline")
    assert (one.rule, one.where) == ("timeline-out-of-order", "event:3")
    assert one.message == "The mitigation is told at 12:30, while the facts say that it was mitigated at 12:25."
    assert rules(told(*COURSE, mitigated_at=at(30.5)), "timeline") == []


def test_a_gap_during_the_impact_is_found_at_the_event_before_it() -> None:
    [one] = found(told(*COURSE[:3], event(4, 90, "resolution")), "timeline")
    assert (one.rule, one.where) == ("timeline-gap", "event:3")
    assert one.message == "Nothing is told for 1 h after 12:30."


def test_a_gap_of_more_than_half_a_day_may_be_a_wrong_day() -> None:
    [one] = found(told(*COURSE[:3], event(4, 90 + 24 * 60, "resolution")), "timeline")
    assert one.suggestion.endswith("Or is a day wrong?")


@pytest.mark.parametrize(
    "text",
    [
        "Waiting for the vendor.",
        "The restore takes 40 minutes.",
        "Reindexing started.",
        "Watching the error rate.",
        "ETA 14:00",
    ],
)
def test_a_gap_that_an_event_explains_is_fine(text: str) -> None:
    before = replace(COURSE[2], text=text)
    assert rules(told(*COURSE[:2], before, event(4, 90, "resolution")), "timeline") == []


def test_a_gap_that_somebodys_view_explains_is_fine() -> None:
    before = replace(COURSE[2], views=(ViewTold(9, "We were waiting for the disk to be copied."),))
    assert rules(told(*COURSE[:2], before, event(4, 90, "resolution")), "timeline") == []


def test_half_an_hour_and_gaps_outside_of_the_impact_are_fine() -> None:
    around = (event(7, -300, "change"), event(8, 600, "note"))
    assert rules(told(*around, *COURSE[:3], event(4, 60, "resolution")), "timeline") == []


def test_in_days_of_impact_an_hour_is_no_gap() -> None:
    days = [event(pk, pk * 60) for pk in range(10, 60)]
    course = told(*COURSE[:2], event(8, 60), event(9, 120), *days, event(4, 60 * 60, "resolution"))
    assert [where for _, where in rules(course, "timeline")] == ["event:9"]


def test_a_long_time_unnoticed_is_explained_by_the_analysis() -> None:
    late = (event(9, 0, "signal"), event(1, 50, "detection"), event(2, 55, "response"), event(4, 70, "resolution"))
    [one] = found(told(*late), "timeline")
    assert one.where == "event:9" and one.message.endswith("until it was noticed.")
    assert rules(told(*late, factors=(FactorTold(1, "No alert on pool use."),)), "timeline") == []
    assert rules(told(*late, whys=(WhyTold(1, "Why so late?", "Nothing monitors it."),)), "timeline") == []


def test_events_in_utc_of_an_incident_told_elsewhere_lack_a_zone() -> None:
    written = [replace(one, written_as=f"12:{one.pk:02}") for one in COURSE]
    assert rules(told(*written, zone="Europe/Berlin"), "timeline") == [("no-zone", "timeline")]
    assert rules(told(*written), "timeline") == []


def test_imported_times_without_any_zone_lack_one() -> None:
    written = [replace(one, written_as=f"12:{one.pk:02}") for one in COURSE]
    assert rules(told(*written, is_imported=True), "timeline") == [("no-zone", "timeline")]
    assert rules(told(*written, is_imported=True, sections={"impact": "All times are UTC."}), "timeline") == []
    said = [replace(written[0], written_as="12:05 UTC"), *written[1:]]
    assert rules(told(*said, is_imported=True, zone="Europe/Berlin"), "timeline") == []


def test_instants_from_machines_have_a_zone() -> None:
    assert rules(told(*COURSE, zone="Europe/Berlin"), "timeline") == []
