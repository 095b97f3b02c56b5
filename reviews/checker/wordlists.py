"""The words that the rules look for, as data beside the code (words/*.yaml), made into regular expressions once."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import yaml

_FOLDER = Path(__file__).with_name("words")


@cache
def wordlists(name: str) -> dict[str, list[str]]:
    """The lists of words/`name`.yaml by their names; their entries are parted by a comma and a space."""
    read = yaml.safe_load((_FOLDER / f"{name}.yaml").read_text("utf-8"))
    return {key: words.split(", ") for key, words in read.items()}


def any_of(patterns: Iterable[str]) -> str:
    """One pattern for any of the words, the longest that fits; a space in them stands for any white space."""
    ordered = sorted(patterns, key=len, reverse=True)
    return r"\b(?:" + "|".join(pattern.replace(" ", r"\s{1,3}") for pattern in ordered) + r")(?!\w)"


def finder(*patterns: str) -> re.Pattern[str]:
    """Finds words whatever their case."""
    return re.compile(any_of(patterns), re.IGNORECASE)
