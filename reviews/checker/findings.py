"""What the checker finds."""

import re
from dataclasses import dataclass

WHOLE_PARTS = ("summary", "timeline", "whys", "factors", "actions")
_ITEM_OF = {
    "why-question": "why",
    "action-done-when": "action",
    "action-details": "action",
    "perspective-known": "perspective",
    "perspective-sense": "perspective",
}
_ITEMS = ("event", "perspective", "why", "factor", "action")
_PART_OF = {
    "event": "timeline",
    "perspective-known": "timeline",
    "perspective-sense": "timeline",
    "why": "whys",
    "why-question": "whys",
    "factor": "factors",
    "action": "actions",
    "action-done-when": "actions",
    "action-details": "actions",
}


@dataclass(frozen=True)
class Finding:
    """A passage, an item or a part of a review that a rule has something to say about.

    `rule` is its stable code (reviews/checker/rules.yaml); `severity` "error", "warning" or "advice". `where` is the
    place: "section:summary", "factor:3", "why:7" (its answer), "why-question:7", "event:5", "perspective-known:9",
    "perspective-sense:9", "action:2" (its title), "action-done-when:2", "action-details:2", or one of
    WHOLE_PARTS.
    `start` and `end` are characters from 0 in the Markdown of that place, None where the finding is about the whole of
    it; `text` are the words there. `message` says why these words matter; `suggestion` is a question or wording that
    leads on.
    """

    rule: str
    severity: str
    where: str
    message: str
    suggestion: str = ""
    start: int | None = None
    end: int | None = None
    text: str = ""
    blocking: bool = False

    @property
    def words(self) -> str:
        """The words with their whitespace folded: what a dismissal remembers."""
        return " ".join(self.text.split())

    @property
    def part(self) -> str:
        """The part of the editor page that holds the place: "summary", "timeline", "whys" ..."""
        return part_of(self.where)

    @property
    def anchor(self) -> str:
        """The place on the editor page, as its addresses name it: "summary", "why-7", "action-2"."""
        return anchor_of(self.where)


def part_of(where: str) -> str:
    """The part of the editor page that holds a place."""
    kind, _, key = where.partition(":")
    return key if kind == "section" else _PART_OF.get(kind, kind)


def anchor_of(where: str) -> str:
    """The id of a place on the editor page."""
    kind, _, key = where.partition(":")
    item = _ITEM_OF.get(kind, kind)
    return f"{item}-{key}" if item in _ITEMS else part_of(where)


def about(rule: str, where: str, message: str, suggestion: str = "") -> Finding:
    """A finding about the whole of a place. The rule book says later how much it matters."""
    return Finding(rule, "", where, message, suggestion)


def at_words(rule: str, where: str, words: re.Match[str], message: str, suggestion: str = "") -> Finding:
    """A finding about the words of a place that were matched."""
    return at_span(rule, where, words.string, words.span(), message, suggestion)


def at_span(rule: str, where: str, text: str, span: tuple[int, int], message: str, suggestion: str = "") -> Finding:
    """A finding about the characters `span` of the `text` of a place."""
    start, end = span
    return Finding(rule, "", where, message, suggestion, start, end, text[start:end])
