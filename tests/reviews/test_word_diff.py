"""Two texts compared, and the comparison cut for reading."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.passages import passages_between
from reviews.word_diff import amount_changed, word_changes

WORDS = st.lists(st.sampled_from(["pool", "the", "a", " ", "\n", ".", "é", "\r\n", "  ", "index"]), max_size=40)
TEXTS = WORDS.map("".join)


def test_changes_are_told_word_by_word() -> None:
    assert word_changes("The pool was empty.", "The pool ran empty.") == [
        ("same", "The pool "),
        ("removed", "was"),
        ("added", "ran"),
        ("same", " empty."),
    ]


@given(TEXTS, TEXTS)
def test_putting_the_parts_together_gives_both_texts_back(before: str, after: str) -> None:
    changes = word_changes(before, after)
    assert "".join(text for how, text in changes if how != "added") == before
    assert "".join(text for how, text in changes if how != "removed") == after
    assert all(text for _, text in changes)
    assert not any(one[0] == other[0] for one, other in pairwise(changes))


def test_an_inserted_word_begins_with_the_word() -> None:
    assert word_changes("It was slow.", "It was very slow.")[1] == ("added", "very ")


def test_few_equal_words_inside_a_rewritten_sentence_are_no_islands() -> None:
    changes = word_changes("Checkout requests in the evening failed.", "Nobody could pay at the weekend.")
    assert [how for how, _ in changes] == ["removed", "added", "same"]


def test_a_moved_paragraph_is_told_as_a_whole() -> None:
    first, second, third = (f"{name} paragraph, with some words of its own.\n\n" for name in ("First", "Other", "Last"))
    changes = word_changes(first + second + third, second + third + first)
    told = [(how, text.strip()) for how, text in changes if how != "same" and text.strip()]
    assert told == [(how, "First paragraph, with some words of its own.") for how in ("removed", "added")]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("\n".join(f"line {n} of many" for n in range(100_000)), "\n".join(f"line {n} of many" for n in range(99_999))),
        ("a b " * 50_000, "b a " * 50_000),
        (" ".join(f"w{n % 997}" for n in range(30_000)), " ".join(f"w{n % 991}" for n in range(30_000))),
        ("\n" * 100_000, "\n" * 90_000 + "x"),
        ("x" * 1_000_000, "y" * 1_000_000),
    ],
)
def test_long_texts_are_compared_quickly(before: str, after: str) -> None:
    started = time.monotonic()
    assert word_changes(before, after)
    assert time.monotonic() - started < 5


def test_how_many_words_came_and_went() -> None:
    assert amount_changed("the pool was empty", "empty was the big pool") == (1, 0)
    assert amount_changed("", "one two") == (2, 0)
    assert amount_changed("one one two", "one") == (0, 2)


# Passages.


LINES = [f"Line {n} has enough words in it that it takes a while to read." for n in range(40)]


def test_what_changed_is_shown_with_a_little_around_it_and_the_rest_folded() -> None:
    after = [*LINES]
    after[20] = after[20].replace("enough", "few")
    passages = passages_between("\n".join(LINES), "\n".join(after))
    assert [one.is_folded for one in passages] == [True, False, True]
    assert len(passages[1].lines) == 5
    assert passages[0].text.startswith("Line 0 ")
    assert passages[0].words == 18 * 14


def test_a_short_unchanged_stretch_is_not_folded() -> None:
    before = "One.\nTwo.\nThree.\nFour.\nFive.\nSix.\nSeven."
    passages = passages_between(before, before.replace("One", "1").replace("Seven", "7"))
    assert [one.is_folded for one in passages] == [False]


def test_equal_texts_have_no_passages() -> None:
    assert passages_between("same", "same") == []


def test_a_line_end_that_came_or_went_is_shown() -> None:
    (passage,) = passages_between("One.\nTwo.", "One. Two.")
    assert ("removed", "¶") in passage.lines[0]


@given(TEXTS, TEXTS)
def test_passages_hold_every_word_of_both_texts(before: str, after: str) -> None:
    shown = [piece for passage in passages_between(before, after) for line in passage.lines for piece in line]
    if before != after:
        for text, other in ((before, "added"), (after, "removed")):
            words = "".join("".join(t for how, t in shown if how != other).replace("¶", "").split())
            assert words == "".join(text.split())
