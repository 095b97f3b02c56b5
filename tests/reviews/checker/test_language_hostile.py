"""No text makes the language rules fail, and their time grows with the text and no faster."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.checker.language import check_text
from reviews.checker.language.constructions import patterns

SPOKEN = (
    "The engineer team we they nobody Bob 's should could not never have been had failed to forgot without instead of if "
    'only wrong human error by mistake accidentally was were deleted caused which because when , . ; : ( ) " “ ” ? ` * '
    "[ ] | \n \n\n > - # code `x` production obviously it clear that careless so who and"
)
WORDS = st.sampled_from(SPOKEN.split(" "))
PIECES = st.sampled_from(
    [word for _, _, told in patterns() for word in told.replace("?", "").replace("|", " ").split()]
)
TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(WORDS, max_size=80).map(" ".join),
    st.lists(st.one_of(WORDS, PIECES), max_size=60).map(" ".join),
)


@given(TEXTS)
def test_any_text_is_read_and_every_finding_points_into_it(text: str) -> None:
    end = 0
    for finding in check_text(text):
        assert finding.start is not None
        assert finding.end is not None
        assert end <= finding.start < finding.end <= len(text)
        assert text[finding.start : finding.end] == finding.text
        end = finding.end


MEGABYTE = 1_000_000
HOSTILE = [
    "a",
    "\n",
    "😀",
    "[",
    "[](",
    "`` ` ",
    "| ",
    "> ",
    '" ',
    "( ",
    "@a ",
    "n't",
    "’",
    "the ",
    "not ",
    ": ",
    "should have ",
    "we should have, ",
    "if only he had ",
    "of the engineer ",
    "no one had been , ",
    "more careful attention would ",
    "A long sentence of an engineer who, as we said, deleted it and so on, ",
]


@pytest.mark.parametrize("piece", HOSTILE, ids=repr)
def test_four_times_the_text_takes_about_four_times_as_long(piece: str) -> None:
    text = (piece * (MEGABYTE // len(piece) + 1))[:MEGABYTE]
    quarter = seconds(text[: MEGABYTE // 4])
    assert seconds(text) < 4 * (3 * quarter + 0.05)


def seconds(text: str) -> float:
    """Of this process, so that what else runs on the machine counts little."""
    began = time.process_time()
    check_text(text)
    return time.process_time() - began
