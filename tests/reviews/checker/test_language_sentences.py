"""What the language rules find, and what they leave: invented sentences in tests/data/language, one file a rule."""

from pathlib import Path

import pytest
import yaml

from reviews.checker.language import check_text
from reviews.checker.rulebook import usual_rules

FILES = sorted((Path(__file__).parents[2] / "data" / "language").glob("*.yaml"))


def sentences(file: Path, kind: str) -> list[str]:
    said: list[str] = yaml.safe_load(file.read_text("utf-8"))[kind]
    return said


def rules_in(sentence: str) -> list[str]:
    return [finding.rule for finding in check_text(sentence)]


@pytest.mark.parametrize("file", [file for file in FILES if sentences(file, "not_fine")], ids=lambda file: file.stem)
def test_sentences_that_blame_are_found_by_their_rule(file: Path) -> None:
    missed = [sentence for sentence in sentences(file, "not_fine") if f"language-{file.stem}" not in rules_in(sentence)]
    assert missed == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_sentences_that_only_look_like_it_are_left_alone(file: Path) -> None:
    found = {sentence: rules for sentence in sentences(file, "fine") if (rules := rules_in(sentence))}
    assert found == {}


def test_every_language_rule_has_sentences() -> None:
    rules = {code.removeprefix("language-") for code in usual_rules().rules if code.startswith("language-")}
    assert rules <= {file.stem for file in FILES}


@pytest.mark.parametrize(
    "sentence",
    [
        "The engineer should've checked the queue.",
        "The engineer should’ve checked the queue.",
        "THE ENGINEER SHOULD HAVE CHECKED THE QUEUE.",
        "the engineer shouldve checked the queue",
        "The engineer\nshould have\nchecked the queue.",
        "The **engineer** should _have_ checked the queue.",
    ],
)
def test_a_sentence_is_found_however_it_is_typed(sentence: str) -> None:
    assert rules_in(sentence) == ["language-counterfactual"]


def test_who_they_are_is_told_by_the_sentence_before() -> None:
    assert rules_in("The engineers met. They should have rolled back.") == ["language-counterfactual"]
    assert rules_in("The pods came up. They should have restarted.") == []


def test_a_name_that_is_known_to_be_a_persons_is_one() -> None:
    text = "Xq broke the build."
    assert [finding.rule for finding in check_text(text, people=["Xq Example"])] == ["language-person-as-cause"]
    assert check_text(text) == []
