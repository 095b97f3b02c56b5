"""No text makes the checker fail or hang: its time grows with the text and no faster."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.checker.check import check_material
from reviews.checker.material import ActionTold, EventTold, FactorTold, Material, ViewTold, WhyTold
from reviews.checker.rulebook import usual_rules
from tests.factories import NOON

SPOKEN = (
    "The engineer forgot to be more careful , and then add update improve more 10:02 - 11:20 14 March CDC ( ) ` [ ] * "
    "because until for 48 minutes \n \n\n ``` # | yesterday human error by"
)
WORDS = st.sampled_from(SPOKEN.split(" "))
TEXTS = st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=60).map(" ".join))


def review(text: str) -> Material:
    """The text in every place of a review."""
    return Material(
        sections={"summary": text, "impact": text},
        events=(EventTold(1, NOON, "note", text, written_as=text[:80], views=(ViewTold(1, text, text),)),),
        whys=(WhyTold(1, text, text), WhyTold(2, text, text, parent=1, is_root_cause=True)),
        factors=(FactorTold(1, text),),
        actions=(ActionTold(1, text[:300], text, due=date(2026, 1, 1)),),
        people=(text[:80],),
        services=(text[:80],),
        is_imported=True,
    )


@given(TEXTS)
def test_any_text_is_checked_and_every_finding_points_into_its_text(text: str) -> None:
    material = review(text)
    texts = dict(material.texts())
    for one in check_material(material, usual_rules()):
        if one.start is not None:
            assert texts[one.where][one.start : one.end] == one.text != ""


MEGABYTE = 1_000_000
HOSTILE = ["a", "\n", "\N{FIRE}", "[", "(", "`", "#", " ", "A", "1:", "12:00 ", "a b ", "and add ", "for ", "```\n", "~~~\n", "CDC ", "- ", "](", "|", "the engineer "]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE, ids=repr)
def test_a_hostile_megabyte_is_checked_in_seconds_not_hours(piece: str) -> None:
    check_material(review(piece * (MEGABYTE // len(piece))), usual_rules())
