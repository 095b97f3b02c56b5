"""Acronyms that a text uses without saying what they stand for."""

import re
from collections.abc import Iterable, Iterator

from reviews.checker.wordlists import wordlists

_ACRONYM = re.compile(
    r"(?<![\w./@#$&-])(?P<letters>[A-Z](?:[A-Za-z0-9]|&(?=[A-Z])){0,9}[A-Z0-9])(?P<many>e?s)?(?![\w@])(?![-./_]\w)(?!\.\w)"
)
_KNOWN = {word for words in wordlists("acronyms").values() for word in words[0].split()}
_ROMAN = re.compile(r"[IVXLC]+")
_MOSTLY = 0.5  # of its words in capitals: a text that shouts has no acronyms to tell


def unexplained(text: str, everything: Iterable[str], names: Iterable[str]) -> Iterator[re.Match[str]]:
    """Each acronym of `text` at its first use that none of the texts `everything` spells out. `names` are those of
    services: they stand for themselves.
    """
    words = re.findall(r"\b[^\W\d_]{2,}\b", text)
    if words and sum(word.isupper() for word in words) > _MOSTLY * len(words):
        return
    own = {word for name in names for word in re.findall(r"\w+", name.upper())}
    seen: set[str] = set()
    read = list(everything)
    for found in _ACRONYM.finditer(text):
        letters = found["letters"]
        if letters in seen or letters.upper() in _KNOWN or letters.upper() in own or not _is_acronym(letters):
            continue
        seen.add(letters)
        if not any(_spelled_out(letters, one) for one in read):
            yield found


def _is_acronym(letters: str) -> bool:
    capitals = sum(letter.isupper() for letter in letters)
    if capitals < 2 or _ROMAN.fullmatch(letters):
        return False
    # "PostgreSQL", "MongoDB" and "GitHub" are names; so is "B12".
    return capitals >= len(letters) - 1 - sum(letter.isdigit() for letter in letters) and not letters[-1].islower()


def _spelled_out(letters: str, text: str) -> bool:
    """ "change data capture (CDC)", "CDC (change data capture)", "CDC, short for", "CDC stands for"."""
    for found in re.finditer(rf"\b{re.escape(letters)}(?:s\b|\b)", text):
        before, after = text[max(0, found.start() - 200) : found.start()], text[found.end() : found.end() + 200]
        if before.rstrip(" *_“\"'").endswith(("(", "\u2014", "\u2013", " or", "called", "short:")) and _begins(
            letters, before
        ):
            return True
        opening = re.match(
            r"[*_”\"']{0,3}(?:\s?\(|,? (?:short for|stands for|that is|i\.e\.),?|\s?[\u2014\u2013:=,]\s?)(?:the )?",
            after,
        )
        if opening and _begins(letters, after[opening.end() :], ahead=True):
            return True
    return False


def _begins(letters: str, words: str, *, ahead: bool = False) -> bool:
    """Whether the words nearest to the acronym begin with its letters, small words between them left out or not."""
    wanted = [letter for letter in letters.lower() if letter.isalnum()]
    heads = [word[0].lower() for word in re.findall(r"\w+", words)]
    near = heads[: 2 * len(wanted)] if ahead else heads[-2 * len(wanted) :]
    if not ahead:
        wanted, near = wanted[::-1], near[::-1]
    if not near or near[0] != wanted[0]:
        near = near[1:] if near else near
    at = 0
    for head in near:
        if at < len(wanted) and head == wanted[at]:
            at += 1
    return at >= max(2, len(wanted) - 1)
