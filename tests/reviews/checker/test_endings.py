"""Whether a last answer ends in people, on answers labelled by hand."""

from pathlib import Path

import pytest
import yaml

from reviews.checker.endings import ends_in_care, ends_in_person
from tests.reviews.checker.test_titles import bare, marked

_ANSWERS = yaml.safe_load((Path(__file__).parents[2] / "data/checker/endings.yaml").read_text("utf-8"))
_PEOPLE = _ANSWERS["people"]


@pytest.mark.parametrize("answer", _ANSWERS["person"])
def test_an_answer_that_ends_in_a_person_is_found(answer: str) -> None:
    assert marked(bare(answer), ends_in_person(bare(answer), _PEOPLE)) == answer


@pytest.mark.parametrize("answer", _ANSWERS["care"])
def test_an_answer_that_ends_in_more_care_is_found(answer: str) -> None:
    assert marked(bare(answer), ends_in_care(bare(answer))) == answer


@pytest.mark.parametrize("answer", _ANSWERS["fine"])
def test_an_answer_that_ends_in_the_system_is_fine(answer: str) -> None:
    assert (ends_in_person(answer, _PEOPLE), ends_in_care(answer)) == (None, None)


def test_only_the_end_of_a_long_answer_counts() -> None:
    answer = "It was slow. " * 1000 + "The engineer forgot it."
    span = ends_in_person(answer)
    assert span is not None
    assert answer[slice(*span)] == "The engineer forgot"
    assert ends_in_person("The engineer forgot it. " + "It was slow. " * 1000) is None
