"""What the titles of actions say, on titles labelled by hand."""

from pathlib import Path

import pytest
import yaml

from reviews.checker.titles import Span, several_tasks, unmeasured_words, vague_words

_TITLES = yaml.safe_load((Path(__file__).parents[2] / "data/checker/actions.yaml").read_text("utf-8"))


def bare(marked: str) -> str:
    return marked.replace("[", "").replace("]", "")


def marked(text: str, span: Span | None) -> str:
    return f"{text[: span[0]]}[{text[span[0] : span[1]]}]{text[span[1] :]}" if span else text


@pytest.mark.parametrize("title", _TITLES["vague"])
def test_a_title_without_an_outcome_is_vague(title: str) -> None:
    assert marked(bare(title), vague_words(bare(title))) == title


@pytest.mark.parametrize("title", _TITLES["untold"])
def test_a_title_that_can_never_be_done_is_found(title: str) -> None:
    assert marked(bare(title), unmeasured_words(bare(title))) == title


@pytest.mark.parametrize("title", _TITLES["several"])
def test_the_second_task_of_a_title_is_found(title: str) -> None:
    assert marked(bare(title), several_tasks(bare(title))) == title


@pytest.mark.parametrize("title", _TITLES["fine"])
def test_a_title_with_one_outcome_is_fine(title: str) -> None:
    assert (vague_words(title), unmeasured_words(title), several_tasks(title)) == (None, None, None)


def test_details_may_say_what_the_title_leaves_open() -> None:
    assert vague_words("Investigate the leak", "Write the findings into the runbook.") is None
    assert vague_words("Improve monitoring", "Add an alert on pool use.") is None
    assert unmeasured_words("Add more tests", "One for each of the 12 carriers.") is None
    assert vague_words("Improve monitoring", "It was bad.") == (0, 7)
