"""The words and patterns of the language rules are whole: each is used, and each can be what it says."""

import re
from pathlib import Path

import pytest

from reviews.checker import language
from reviews.checker.language.constructions import LOOKS, patterns
from reviews.checker.language.lexicon import entries

CODE = "\n".join(file.read_text("utf-8") for file in Path(language.__file__).parent.glob("*.py"))
LEXICONS = sorted(file.stem for file in (Path(language.__file__).parents[1] / "lexicon").glob("*.yaml"))
TOLD = [(group, pattern) for _, group, pattern in patterns()]
PATTERNS = [pattern for _, pattern in TOLD]
SUBJECTS = {"people", "person", "team", "anyone", "writer", "opening"}


@pytest.mark.parametrize("name", [name for name in LEXICONS if name not in {"says", "verbs"}])
def test_every_list_of_words_is_read_by_a_rule(name: str) -> None:
    assert [key for key in entries(name) if f'"{key}"' not in CODE] == []


def test_every_group_of_verbs_is_read_by_a_rule() -> None:
    assert [group for group in entries("verbs")["groups"] if f'"{group}"' not in CODE] == []


def test_every_saying_is_said_and_every_one_that_is_said_exists() -> None:
    said = {group["say"] for group, _ in TOLD}
    assert [say for say in entries("says") if say not in said and f'"{say}"' not in CODE] == []
    assert said <= set(entries("says"))


def test_every_list_of_the_constructions_is_used_by_one() -> None:
    told = {name for pattern in PATTERNS for name in re.findall(r"@([\w]+)", pattern)}
    told |= {subject for group, _ in TOLD for subject in group.get("subject", "").split()} - SUBJECTS
    assert told | {"frequent"} == set(entries("constructions/lists"))


def test_marks_stand_alone_in_a_pattern() -> None:
    wrong = [pattern for pattern in PATTERNS for told in pattern.split() if "|" in told and {"<", "~", "!"} & {*told}]
    assert wrong == []


def test_no_pattern_is_written_twice() -> None:
    assert sorted({pattern for pattern in PATTERNS if PATTERNS.count(pattern) > 1}) == []


def test_the_most_frequent_words_wake_few_patterns() -> None:
    assert {
        word: len(LOOKS[word]) for word in ("the", "a", "of", "to", "in", "is") if len(LOOKS.get(word, ())) > 2
    } == {}
