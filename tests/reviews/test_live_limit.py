"""How long a text of a live document may get."""

from typing import Any

import pytest
from pycrdt import Doc, Text

from reviews.live import limit
from reviews.live.document import document_from, set_text
from reviews.live.limit import Limit

SUMMARY = "section:summary"


@pytest.fixture(autouse=True)
def hundred(monkeypatch: Any) -> None:
    monkeypatch.setattr(limit, "LONGEST_TEXT", 100)


def doc_with(text: str) -> Doc:
    doc = Doc()
    doc.get(SUMMARY, type=Text).insert(0, text)
    return doc


def edit(doc: Doc, text: str, place: str = SUMMARY) -> bytes:
    """What makes the text of a place another one, in a copy of `doc`."""
    return set_text(document_from([doc.get_update()]), place, text)


@pytest.mark.parametrize(("before", "after", "allowed"), [
    ("a" * 90, "a" * 100, True), ("a" * 90, "a" * 101, False),
    ("ж" * 99, "ж" * 100, True), ("ж" * 99, "ж" * 101, False),
    ("a" * 120, "a" * 110, True), ("a" * 120, "a" * 120 + "b", False), ("a" * 100, "b" * 100, True),
])  # fmt: skip
def test_characters_count(before: str, after: str, allowed: bool) -> None:
    doc = doc_with(before)
    assert Limit(doc).allows(edit(doc, after)) is allowed


def test_many_small_edits_are_no_way_around() -> None:
    doc = doc_with("")
    measured = Limit(doc)
    for length in range(1, 101):
        update = edit(doc, "a" * length)
        assert measured.allows(update)
        doc.apply_update(update)
        assert not measured.is_broken({SUMMARY})
    assert not measured.allows(edit(doc, "a" * 101))


def test_each_text_counts_for_itself() -> None:
    doc = doc_with("a" * 100)
    assert Limit(doc).allows(edit(doc, "b" * 100, "section:impact"))


def test_what_others_added_is_counted() -> None:
    doc = doc_with("")
    measured = Limit(doc)
    assert measured.allows(edit(doc, "a"))
    doc.apply_update(edit(doc, "b" * 100))
    measured.forget()
    assert not measured.allows(edit(doc, "b" * 100 + "c"))


def test_a_long_edit_that_waited_for_an_earlier_one_is_noticed() -> None:
    writer = doc_with("")
    empty = writer.get_state()
    writer.get(SUMMARY, type=Text).insert(0, "a")
    first = writer.get_update(empty)
    known = writer.get_state()
    for _ in range(3):
        writer.get(SUMMARY, type=Text).insert(0, "b" * 50)
    waiting = writer.get_update(known)
    doc = Doc()
    measured = Limit(doc)
    assert not measured.is_broken({SUMMARY})
    doc.apply_update(waiting)
    assert measured.allows(first)
    doc.apply_update(first)
    assert measured.is_broken({SUMMARY})
