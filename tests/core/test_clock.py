"""Times of day as people write them."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import TimeProblem, match_time


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("14:03", time(14, 3)),
        ("14:03:05", time(14, 3, 5)),
        ("14:03:05.25", time(14, 3, 5, 250_000)),
        ("14:03:05,123456789", time(14, 3, 5, 123_456)),
        ("2:03pm", time(14, 3)),
        ("2:03 p.m.", time(14, 3)),
        ("12:00 am", time(0, 0)),
        ("12 pm", time(12, 0)),
        ("9am", time(9, 0)),
        ("14h03", time(14, 3)),
        ("14:30 PM", time(14, 30)),
        ("1403 UTC", time(14, 3)),
        ("0905hrs", time(9, 5)),
        ("noon", time(12, 0)),
        ("midnight", time(0, 0)),
        ("00:00", time(0, 0)),
    ],
)
def test_ways_to_write_a_time(text: str, expected: time) -> None:
    found = match_time(text)
    assert found is not None
    assert found.time == expected


def test_a_time_with_a_dot_only_where_it_is_expected() -> None:
    assert match_time("15.26") is None
    found = match_time("15.26", dotted=True)
    assert found is not None
    assert found.time == time(15, 26)


@pytest.mark.parametrize("text", ["", "x", "14", "1403", "14:3", "14:031", "14:03:05:01", "nooning", "9ams", "10.5.3"])
def test_what_is_no_time(text: str) -> None:
    assert match_time(text) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("24:00", "00:00 of the next day"),
        ("25:00", "no hour 25"),
        ("14:60", "no minute 60"),
        ("23:59:60", "no second 60"),
        ("13 am", "no 13 am"),
        ("0:30 pm", "no 0 pm"),
        ("99pm", "no 99 pm"),
    ],
)
def test_a_time_that_does_not_exist_is_named(text: str, said: str) -> None:
    with pytest.raises(TimeProblem, match=said):
        match_time(text)


@given(st.times())
def test_every_time_comes_back(moment: time) -> None:
    found = match_time(moment.isoformat())
    assert found is not None
    assert (found.time, found.end) == (moment, len(moment.isoformat()))


@given(st.times().map(lambda moment: moment.replace(second=0, microsecond=0)))
def test_every_time_comes_back_with_am_and_pm(moment: time) -> None:
    found = match_time(moment.strftime("%I:%M %p"))
    assert found is not None
    assert found.time == moment


@given(st.text(max_size=40), st.integers(0, 40), st.booleans())
def test_any_text_has_a_time_at_a_place_or_none(text: str, place: int, dotted: bool) -> None:
    try:
        found = match_time(text, min(place, len(text)), dotted=dotted)
    except TimeProblem:
        return
    assert found is None or found.end <= len(text)
