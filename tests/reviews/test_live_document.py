"""Making one text of another by small edits."""

from hypothesis import given
from hypothesis import strategies as st
from pycrdt import Assoc, Doc, Text

from reviews.live.document import document_from, set_text, text_at

PLACE = "section:summary"
# Words that repeat, line ends, letters of two to four bytes.
texts = st.lists(
    st.sampled_from(["the ", "pool ", "pool", "\n", "\n\n", "über ", "😀", "- ", "漢字 ", ". ", "*", "\x00"]),
    max_size=40,
).map("".join)


def document(text: str) -> Doc:
    doc = document_from([])
    set_text(doc, PLACE, text)
    return doc


@given(texts, texts)
def test_the_text_reads_as_wanted_here_and_where_the_update_goes(old: str, new: str) -> None:
    doc = document(old)
    copy = document_from([doc.get_update()])
    update = set_text(doc, PLACE, new)
    copy.apply_update(update)
    assert str(doc.get(PLACE, type=Text)) == str(copy.get(PLACE, type=Text)) == new


@given(texts, texts, texts)
def test_what_is_typed_at_the_same_time_stays(old: str, new: str, typed: str) -> None:
    doc = document(old)
    other = document_from([doc.get_update()])
    other.get(PLACE, type=Text).insert(0, f"<{typed}>")
    set_text(doc, PLACE, new)
    doc.apply_update(other.get_update())
    assert f"<{typed}>" in str(doc.get(PLACE, type=Text))


def test_what_is_anchored_in_an_unchanged_word_stays_there() -> None:
    doc = document("The pool was full. Nobody saw it.")
    text = doc.get(PLACE, type=Text)
    anchor = text.sticky_index(str(text).index("Nobody"), Assoc.AFTER)
    set_text(doc, PLACE, "At nine the connection pool was full. Sadly, Nobody saw it.")
    assert str(text)[anchor.get_index() :] == "Nobody saw it."


def test_a_long_text_that_changed_everywhere_is_quick() -> None:
    old = "\n".join(f"line {n} of the log" for n in range(40_000))
    doc = document(old)
    set_text(doc, PLACE, old.replace("log", "record"))
    assert text_at(doc, PLACE) == old.replace("log", "record")


def test_rows_get_no_nul() -> None:
    assert text_at(document("a\x00b"), PLACE) == "a�b"


def test_an_unknown_place_has_no_text() -> None:
    assert text_at(document("x"), "factor:1") is None
