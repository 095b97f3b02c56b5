"""A passage is found as its reader saw it, and stays itself however the text around it changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycrdt import Doc, Text

from reviews.anchors import Passage, find_passage, stick, stuck, words_of
from reviews.live.document import document_from, set_text
from reviews.live.sticky import Positions

PLACE = "section:summary"


def found(text: str, quote: str, before: int = 0) -> str | None:
    passage = find_passage(text, quote, before)
    return text[passage.start : passage.end] if passage else None


@pytest.mark.parametrize(
    ("text", "quote", "expected"),
    [
        ("The pool ran dry.", "pool ran", "pool ran"),
        ("The **pool** ran _dry_.", "pool ran dry", "pool** ran _dry"),
        ("A [slow query](https://example.org/a(b)c) held it", "slow query held", "slow query](https://example.org/a(b)c) held"),
        ("One\nline\n\nand another", "line and", "line\n\nand"),
        ("1. First\n2. Second", "First Second", "First\n2. Second"),
        ("AT&amp;T failed", "T failed", "T failed"),
        ("It was (slow).", "(slow).", "(slow)."),
        ("half a wo**rd** more", "word more", "wo**rd** more"),
        ("```python\nx = 1\n```", "x = 1", "x = 1"),
        ("Es war größer", "größer", "größer"),
        ("👩‍🚒 — then quiet", "👩‍🚒", "👩‍🚒"),
    ],
)  # fmt: skip
def test_a_quote_is_found_across_the_marks_of_markdown(text: str, quote: str, expected: str) -> None:
    assert found(text, quote) == expected


def test_the_meant_one_of_equal_passages_is_found() -> None:
    text = "[pool](http://example.org/pool) and pool and pool"
    assert find_passage(text, "pool", 0) == Passage(1, 5, 0)
    assert find_passage(text, "pool", 1) == Passage(36, 40, 1)
    assert find_passage(text, "pool", 99) == Passage(45, 49, 2)


@pytest.mark.parametrize("quote", ["", " ", "nowhere", "...", "\x00", "​"])
def test_what_does_not_stand_there_is_not_found(quote: str) -> None:
    assert found("The pool ran dry", quote) is None


def test_the_words_of_a_passage_leave_out_its_marks() -> None:
    assert words_of("pool** ran [slow](http://x.example) `dry") == "pool ran slow dry"


def live(text: str) -> Doc:
    doc = Doc()
    set_text(doc, PLACE, text)
    return doc


def test_a_passage_of_which_nothing_is_left_is_gone() -> None:
    doc = live("before middle after")
    start, end = stick(doc, PLACE, Passage(7, 13))
    set_text(doc, PLACE, "before  after")
    assert stuck(Positions(doc, PLACE), start, end) is None


letters = st.text(alphabet="aé漢👩 *\n", min_size=1, max_size=12)


@given(
    before=st.text(alphabet="xyzß ", max_size=15),
    passage=letters.filter(lambda one: bool(one.strip())),
    after=st.text(alphabet="xyzß ", max_size=15),
    edits=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 4), st.text(alphabet="qüw", max_size=3)), max_size=12),
)
def test_random_edits_keep_the_anchor_on_what_remains_of_the_passage(
    before: str, passage: str, after: str, edits: list[tuple[float, int, str]]
) -> None:
    doc = live(before + passage + after)
    start, end = stick(doc, PLACE, Passage(len(before), len(before) + len(passage)))
    # Beside the document, the same edits on marked characters: which of them were of the passage?
    marked = [(one, "out") for one in before] + [(one, "in") for one in passage] + [(one, "out") for one in after]
    for where, delete, insert in edits:
        at = round(where * len(marked))
        delete = min(delete, len(marked) - at)
        text = doc.get(PLACE, type=Text)
        here = len("".join(one for one, _ in marked[:at]).encode())
        length = len("".join(one for one, _ in marked[at : at + delete]).encode())
        if length:
            del text[here : here + length]
        if insert:
            text.insert(here, insert)
        marked[at : at + delete] = [(one, "new") for one in insert]
    doc = document_from([doc.get_update()])  # as another process loads it
    whole = "".join(one for one, _ in marked)
    assert str(doc.get(PLACE, type=Text)) == whole
    left = [at for at, (_, kind) in enumerate(marked) if kind == "in"]
    shown = stuck(Positions(doc, PLACE), start, end)
    if left and whole[left[0] : left[-1] + 1].strip():
        assert shown is not None
        # What was typed at an edge that was itself deleted may count as of the passage; no other old text ever does.
        assert shown.start <= left[0]
        assert shown.end > left[-1]
    if shown:
        assert all(kind != "out" for _, kind in marked[shown.start : shown.end])


@given(st.text(), st.text(max_size=20), st.integers(0, 5))
def test_whatever_is_quoted_lies_in_the_text(text: str, quote: str, before: int) -> None:
    passage = find_passage(text, quote, before)
    assert passage is None or 0 <= passage.start < passage.end <= len(text)
