"""Passages of a text: where the words that a reader saw stand in the Markdown, and where they are after edits.

A reader sees rendered text, so letters and digits alone are compared: marks, line ends and spaces between them differ
from the Markdown, and what the Markdown hides (addresses of links, numbers of lists) is left out. Which of several
equal passages is meant is told by how many stand before it, counted the same way (static/js/editor/passages.js).
"""

import re
from dataclasses import dataclass
from html import unescape

from django.utils.html import strip_tags
from pycrdt import Doc

from reviews.live.sticky import Positions

LONGEST_QUOTE = 2000
_HIDDEN = re.compile(
    r"""
    (?<=\])\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)        # the address of a link
    | (?<=\])\[[^\]\n]*\]                               # its name
    | ^[ ]{0,3}\[[^\]\n]+\]:[^\n]*                      # what that name means
    | ^[ \t>]*(?:```|~~~)[^\n]*                         # the language of a block of code
    | ^[ \t>]*\d{1,9}[.)](?=\s)                         # the number of a list's item
    | &(?:\#\w{1,8}|[A-Za-z]\w{1,31});                  # a character by its name
    """,
    re.VERBOSE | re.MULTILINE,
)


@dataclass(frozen=True)
class Passage:
    """Characters `start` to `end` of a text; `before` of the same passages stand before it."""

    start: int
    end: int
    before: int = 0


class Letters:
    """The letters and digits of a text that readers see, for looking up many passages of it."""

    def __init__(self, text: str) -> None:
        self._letters, self._places = _letters(text)

    def count_before(self, words: str, start: int) -> int:
        """How many passages that read like `words` begin before the character `start`."""
        wanted, _ = _letters(words)
        count, at = 0, self._letters.find(wanted) if wanted else -1
        while at >= 0 and self._places[at] < start:
            count, at = count + 1, self._letters.find(wanted, at + 1)
        return count


def find_passage(text: str, quote: str, before: int = 0) -> Passage | None:
    """Where `quote` stands in `text`, after `before` others of its kind, or as near to that as there are."""
    quote = quote.strip()
    letters, places = _letters(text)
    wanted, own = _letters(quote)
    if not wanted:
        found = _nth(text, quote, before)
        return Passage(found[0], found[0] + len(quote), found[1]) if found else None
    found = _nth(letters, wanted, before)
    if found is None:
        return None
    start, end = places[found[0]], places[found[0] + len(wanted) - 1] + 1
    head, tail = quote[: own[0]], quote[own[-1] + 1 :]
    if head and text.endswith(head, 0, start):
        start -= len(head)
    if tail and text.startswith(tail, end):
        end += len(tail)
    return Passage(start, end, found[1])


def words_of(text: str) -> str:
    """What a reader sees of some Markdown, near enough to find it on the page and to name the passage."""
    return " ".join(re.sub(r"[*_`#|>~\[\]\\]+", " ", _without_hidden(text)).split())


def first_words(text: str, html: str, longest: int = 90) -> str:
    """How some Markdown begins, as a reader of its HTML sees it."""
    shown = unescape(strip_tags(re.sub(r"<[^>]*\Z", "", html[: 12 * longest]).replace("<", " <")))
    words = " ".join(shown.split()) or words_of(text[: 4 * longest])
    return shortened(re.sub(r"\s+(?=[.,;:!?)])", "", words), longest)


def shortened(words: str, longest: int = 90) -> str:
    """At most that many characters; with "…" where some are missing."""
    return words if len(words) <= longest else words[: longest - 1].rstrip() + "…"


def stick(doc: Doc, place: str, passage: Passage) -> tuple[bytes, bytes]:
    """Positions in the live text of `place` that move with the edits around the passage, not into it."""
    positions = Positions(doc, place)
    return positions.pin(passage.start), positions.pin(passage.end - 1)


def stuck(positions: Positions, start: bytes, end: bytes) -> Passage | None:
    """Where the passage is now; None where nothing is left of it, or the document holds more than texts."""
    try:
        first, last = positions.find(start), positions.find(end)
    except (ValueError, IndexError):
        return None
    if first is None or last is None:
        return None
    begins, ends = first.at, last.at + last.is_there
    return _counted(positions.said, begins, ends) if positions.said[begins:ends].strip() else None


def _counted(text: str, start: int, end: int) -> Passage:
    """The passage with the number of equal ones before it."""
    return Passage(start, end, Letters(text).count_before(text[start:end], start))


def _nth(text: str, wanted: str, before: int) -> tuple[int, int] | None:
    """Where `wanted` stands after `before` others, and how many really stand before it."""
    at, passed = text.find(wanted) if wanted else -1, 0
    while at >= 0 and passed < before:
        following = text.find(wanted, at + 1)
        if following < 0:
            break
        at, passed = following, passed + 1
    return (at, passed) if at >= 0 else None


def _without_hidden(text: str) -> str:
    return _HIDDEN.sub(lambda hidden: " " * len(hidden[0]), text)


def _letters(text: str) -> tuple[str, list[int]]:
    """The letters and digits that readers see, and where each stands."""
    places = [at for at, character in enumerate(_without_hidden(text)) if character.isalnum()]
    return "".join(text[at] for at in places), places
