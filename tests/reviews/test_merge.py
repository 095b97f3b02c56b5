"""What two people made of one text, brought together."""

import re

from hypothesis import given
from hypothesis import strategies as st

from reviews.merging import merged

BASE = "The pool was empty. It took an hour. Nobody saw it.\n"
WORDS = st.lists(st.sampled_from(["pool", "the ", "a", " ", "\n", ". ", "é€ ", "👩‍🚒 ", "index"]), max_size=25)
TEXTS = WORDS.map("".join)


def test_changes_in_different_places_are_both_there() -> None:
    theirs = BASE.replace("was", "ran")
    mine = BASE.replace("an hour", "two hours") + "We know now."
    merge = merged(BASE, theirs, mine)
    assert merge.text == "The pool ran empty. It took two hours. Nobody saw it.\nWe know now."
    assert merge.clashes == 0


def test_both_words_stand_where_both_changed_the_same_one() -> None:
    merge = merged(BASE, BASE.replace("was", "ran"), BASE.replace("was", "went"))
    assert merge.text == BASE.replace("was", "ran went")
    assert merge.clashes == 1


def test_what_both_changed_alike_is_taken_once() -> None:
    merge = merged(BASE, BASE.replace("was", "ran"), BASE.replace("was", "ran") + "More.")
    assert merge.text == BASE.replace("was", "ran") + "More."
    assert merge.clashes == 0


def test_what_one_took_away_is_gone_and_what_the_other_wrote_is_there() -> None:
    merge = merged(BASE, BASE.replace("It took an hour. ", ""), BASE.replace("Nobody", "Only Lee"))
    assert merge.text == "The pool was empty. Only Lee saw it.\n"


def test_new_paragraphs_at_one_place_follow_each_other() -> None:
    merge = merged("Start.\n", "Start.\n\nTheirs.\n", "Start.\n\nMine.\n")
    assert merge.text.split() == ["Start.", "Theirs.", "Mine."]


def test_line_ends_of_forms_are_no_change() -> None:
    assert merged("a\r\nb", "a\nb\nc", "z\r\na\r\nb").text == "z\na\nb\nc"


def test_without_a_base_all_that_stands_in_either_is_kept() -> None:
    merge = merged(None, "Checkout was slow for an hour.", "Checkout was down for an hour.")
    assert merge.text == "Checkout was slow down for an hour."


@given(TEXTS, TEXTS)
def test_who_changed_nothing_gets_the_others_text(base: str, text: str) -> None:
    assert merged(base, base, text).text == text
    assert merged(base, text, base).text == text
    assert merged(base, text, text).text == text


@given(TEXTS, TEXTS)
def test_words_put_before_and_after_are_never_lost(before: str, after: str) -> None:
    merge = merged("Middle stays.", f"{before}\nMiddle stays.", f"Middle stays.\n{after}")
    assert merge.text == f"{before}\nMiddle stays.\n{after}"


@given(TEXTS, TEXTS, TEXTS)
def test_no_word_that_was_written_is_lost(base: str, theirs: str, mine: str) -> None:
    merge = merged(base, theirs, mine)
    for new in (theirs, mine):
        for word in set(re.findall(r"\w+", new)) - set(re.findall(r"\w+", base)):
            assert word in merge.text
