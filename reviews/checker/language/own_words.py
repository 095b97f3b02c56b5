"""The organisation's own words: those it does not want to read, and those that are fine."""

import re
from collections.abc import Iterable
from functools import lru_cache

_WORD = re.compile(r"\S+")


@lru_cache(maxsize=32)
def pattern(phrases: tuple[str, ...]) -> re.Pattern[str] | None:
    """What finds any of these phrases as words, in any case and with any space between; a word that ends in `*` stands
    for every word that begins so. None for no phrase.
    """
    told = [_phrase(phrase) for phrase in sorted(phrases, key=len, reverse=True) if phrase.strip(" *")]
    return re.compile(rf"(?<!\w)(?:{'|'.join(told)})(?!\w)", re.IGNORECASE) if told else None


@lru_cache(maxsize=256)
def key_of(phrase: str) -> re.Pattern[str]:
    """What tells whether found words are of this phrase."""
    return re.compile(_phrase(phrase), re.IGNORECASE)


def spans(phrases: Iterable[str], text: str) -> list[tuple[int, int]]:
    """Where these phrases stand in the text."""
    found = pattern(tuple(phrases))
    return [match.span() for match in found.finditer(text)] if found else []


def _phrase(phrase: str) -> str:
    parts = []
    for word in _WORD.findall(phrase):
        stem = word.rstrip("*")
        if stem:
            parts.append(re.escape(stem).replace("'", "['’]") + (r"\w{0,40}" if stem != word else ""))
    return r"\s{1,20}".join(parts)
