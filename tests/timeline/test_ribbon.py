"""The ribbon's measures: what is drawn where, and what is not."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.timeline.test_milestones import START, after, milestones
from timeline.ribbon import Ribbon, ribbon_of

WHOLE = {"started_at": 0, "detected_at": 10, "responded_at": 20, "mitigated_at": 60, "resolved_at": 100}


def ribbon(*moments: int, zone: ZoneInfo | None = None, **known: int) -> Ribbon:
    found = ribbon_of(milestones(**known), [after(minutes) for minutes in moments], zone or UTC)
    assert found is not None
    return found


def test_phases_follow_one_another_in_their_lengths() -> None:
    found = ribbon(**WHOLE)
    assert [one.slug for one in found.stages] == ["undetected", "gap", "response", "mitigation"]
    assert [one.length for one in found.stages] == [timedelta(minutes=minutes) for minutes in (10, 10, 40, 40)]
    for one, following in zip(found.stages, found.stages[1:], strict=False):
        assert one.x + one.width == pytest.approx(following.x, abs=0.02)


def test_a_response_told_for_after_the_mitigation_does_not_lie_over_it() -> None:
    found = ribbon(**{**WHOLE, "responded_at": 80})
    assert [one.slug for one in found.stages] == ["undetected", "response", "mitigation"]


def test_impact_spans_the_whole() -> None:
    impact = ribbon(**WHOLE).impact
    assert impact is not None
    assert impact.length == timedelta(minutes=100)


def test_a_name_is_shown_only_where_it_fits() -> None:
    stages = {one.slug: one.shown for one in ribbon(**WHOLE).stages}
    assert stages["response"] == "Response 40 min"
    assert "Undetected" not in stages["undetected"]


def test_everything_lies_within_the_drawing() -> None:
    found = ribbon(-10, 5, 110, **WHOLE)
    assert all(phase.x >= 0 and phase.x + phase.width <= 100 for phase in found.phases)
    assert all(0 <= tick <= 1000 for tick in found.ticks)
    assert all(0 < mark.x < 100 for mark in found.marks)


def test_events_far_outside_are_counted_instead_of_drawn() -> None:
    found = ribbon(-60 * 24 * 30, 5, 60 * 24 * 30, **WHOLE)
    assert (found.earlier, found.later, len(found.ticks)) == (1, 1, 1)


def test_a_thousand_events_make_at_most_a_thousand_ticks() -> None:
    assert len(ribbon(*range(0, 100), *range(0, 100), **WHOLE).ticks) <= 100


def test_without_milestones_the_events_span_the_drawing() -> None:
    found = ribbon(0, 30, 60)
    assert (found.phases, len(found.ticks)) == ([], 3)


@pytest.mark.parametrize("moments", [[], [START], [START, START]])
def test_one_instant_or_nothing_makes_no_ribbon(moments: list[datetime]) -> None:
    assert ribbon_of(milestones(), moments, UTC) is None


def test_the_scale_counts_hours_of_the_readers_zone() -> None:
    found = ribbon(0, 300, zone=ZoneInfo("Asia/Kolkata"))
    assert "18:00" in [mark.text for mark in found.marks]


def test_a_year_and_a_minute_are_both_few_marks() -> None:
    assert 1 <= len(ribbon(0, 60 * 24 * 365).marks) <= 7
    assert len(ribbon(0, 1).marks) <= 7
