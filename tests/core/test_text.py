"""Text as the database can hold it, and what is read from it."""

import pytest

from core.text import one_line, storable, whole_number


def test_what_the_database_cannot_hold_is_marked() -> None:
    assert storable("a\x00b\ud800c") == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c"


def test_one_line_has_single_spaces() -> None:
    assert one_line("  a\t\n b\x00 ") == "a b\N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize(("text", "number"), [("7", 7), ("007", 7), ("9" * 18, int("9" * 18))])
def test_a_whole_number_is_read(text: str, number: int) -> None:
    assert whole_number(text) == number


@pytest.mark.parametrize("text", ["", "-1", "1.0", "٣", "²", "1_000", " 1", "9" * 19, "x"])
def test_anything_else_is_no_number(text: str) -> None:
    assert whole_number(text) is None
