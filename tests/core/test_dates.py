"""Days of the calendar as people write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.dates import MIN_YEAR, AmbiguousDate, DateProblem, match_date, numeric_order

DAYS = st.dates(date(MIN_YEAR, 1, 1), date(2099, 12, 31))  # a later year is taken for one only when it comes first


def read(text: str, **options: str) -> date | None:
    found = match_date(text, **options)  # type: ignore[arg-type]
    return found.on(2026) if found else None


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-14", "2026/03/14", "2026.3.14", "14 March 2026", "14 Mar 2026", "14th of March, 2026", "14. March 2026",
        "March 14, 2026", "March 14th 2026", "Mar. 14 2026", "Saturday, 14 March 2026", "Saturday the 14th of March 2026",
        "on 14 March 2026", "14-Mar-2026", "14/03/2026", "03/14/2026", "14.03.2026", "14 March", "March 14",
    ],
)  # fmt: skip
def test_ways_to_write_a_day(text: str) -> None:
    assert read(text) == date(2026, 3, 14)


def test_a_day_ends_where_its_weekday_does() -> None:
    found = match_date("14 March 2026 (Saturday) at noon")
    assert found is not None
    assert found.end == len("14 March 2026 (Saturday)")


def test_a_day_without_a_year_says_so() -> None:
    found = match_date("14 March at noon")
    assert found is not None
    assert found.year is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1.2.26",
        "1.2.3",
        "v2026",
        "10000-01-01",
        "-0001-01-01",
        "2026",
        "2026-366",
        "2026-W54-1",
        "March",
        "14",
        "noon",
    ],
)
def test_what_is_no_day(text: str) -> None:
    assert match_date(text) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-02-29", "29 February 2026 does not exist"),
        ("2026-02-30", "30 February does not exist"),
        ("2026-13-01", "no month 13"),
        ("2026-10-32", "32 October does not exist"),
        ("0000-00-00", "out of range"),
        ("1900-01-01", "out of range"),
        ("9999-12-31", "out of range"),
        ("31 June 2026", "31 June does not exist"),
        ("February 30", "30 February does not exist"),
    ],
)
def test_a_day_that_does_not_exist_is_named(text: str, said: str) -> None:
    with pytest.raises(DateProblem, match=said):
        match_date(text)


def test_the_29th_of_february_needs_a_leap_year() -> None:
    found = match_date("29 February")
    assert found is not None
    assert found.on(2028) == date(2028, 2, 29)
    with pytest.raises(DateProblem):
        found.on(2026)


@pytest.mark.parametrize("text", ["01/02/2026", "1-2-2026", "2/1/2026", "26-10-01", "1/2/26"])
def test_a_day_that_can_be_read_two_ways_is_asked_about(text: str) -> None:
    with pytest.raises(AmbiguousDate, match="two ways"):
        match_date(text)


def test_an_order_settles_numbers() -> None:
    assert read("01/02/2026", order="dmy") == date(2026, 2, 1)
    assert read("01/02/2026", order="mdy") == date(2026, 1, 2)
    assert read("05/05/2026") == date(2026, 5, 5)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("13/02/2026 and 01/02/2026", "dmy"),
        ("02/13/2026", "mdy"),
        ("13/02/2026 and 02/13/2026", None),
        ("01/02/2026", None),
        ("13.02.2026", None),
        ("", None),
    ],
)
def test_the_order_of_a_text_is_that_of_its_clear_dates(text: str, order: str | None) -> None:
    assert numeric_order(text) == order


@given(
    DAYS,
    st.sampled_from(
        ["{d:%Y-%m-%d}", "{d:%Y/%m/%d}", "{d.day} {d:%B %Y}", "{d:%B} {d.day}, {d:%Y}", "{d:%A, %d %b %Y}"]
    ),
)
def test_every_day_comes_back_from_each_way_to_write_it(day: date, form: str) -> None:
    found = match_date(form.format(d=day))
    assert found is not None
    assert found.on(day.year) == day


@given(st.text(max_size=80), st.integers(0, 80))
def test_any_text_has_a_day_at_a_place_or_none(text: str, place: int) -> None:
    try:
        found = match_date(text, min(place, len(text)))
    except DateProblem:
        return
    assert found is None or found.end <= len(text)
