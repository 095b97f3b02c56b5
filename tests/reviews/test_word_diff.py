"""Two texts compared."""

import time

from reviews.word_diff import word_changes


def test_changes_are_told_word_by_word() -> None:
    assert word_changes("The pool was empty.", "The pool ran empty.") == [
        ("same", "The pool "),
        ("removed", "was"),
        ("added", "ran"),
        ("same", " empty."),
    ]


def test_putting_the_parts_together_gives_both_texts_back() -> None:
    before, after = "a b\n\nc d e", "a x\n\nc e f\n"
    changes = word_changes(before, after)
    assert "".join(text for how, text in changes if how != "added") == before
    assert "".join(text for how, text in changes if how != "removed") == after


def test_long_texts_are_compared_quickly() -> None:
    before = "\n".join(f"line {n} of many" for n in range(100_000))
    started = time.monotonic()
    assert word_changes(before, before + "\nmore")
    assert time.monotonic() - started < 5
