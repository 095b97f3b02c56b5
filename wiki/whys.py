"""The five whys of a frozen review as flat lines, whatever the depth of their tree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reviews.anchors import first_words, shortened

# A browser's parser nests some five hundred elements, two for each level. Lines deeper than this stand beside each
# other and say how deep they are.
DEEPEST_NESTED = 200
# From this depth on lines are no further indented (css/reading.css), and say how deep they are.
DEEPEST_INDENTED = 7


@dataclass(frozen=True)
class Cited:
    """What an answer rests on: an event of this page with its moment, or a link to elsewhere."""

    address: str
    words: str
    at: Any = None
    is_link: bool = False


@dataclass(frozen=True)
class Line:
    """A question with its answer; `opens` a list of further questions, `closes` lists end after it.

    `level` is how deep it is, counted from 1, where its indentation does not tell; otherwise 0. `depth` counts from 0.
    """

    why: dict[str, Any]
    evidence: list[Cited]
    level: int
    opens: bool
    closes: range
    depth: int = 0

    @property
    def indent(self) -> int:
        """How many steps it is indented."""
        return min(self.depth, DEEPEST_INDENTED - 1)


def lines_of(tree: Sequence[dict[str, Any]], moments: Mapping[int, Any]) -> list[Line]:
    """The lines in reading order, each question before those that its answer raises.

    `moments` are those of the timeline by the ids of their events.
    """
    lines: list[Line] = []
    waiting = [(why, 0) for why in reversed(tree)]
    while waiting:
        why, depth = waiting.pop()
        waiting.extend((child, depth + 1) for child in reversed(why["children"]))
        nested, following = min(depth, DEEPEST_NESTED), min(waiting[-1][1], DEEPEST_NESTED) if waiting else 0
        level = depth + 1 if depth >= DEEPEST_INDENTED else 0
        cited = [one for each in why.get("evidence", ()) if (one := _cited(each, moments))]
        lines.append(Line(why, cited, level, following > nested, range(max(nested - following, 0)), depth))
    return lines


def _cited(evidence: dict[str, Any], moments: Mapping[int, Any]) -> Cited | None:
    url = evidence["url"]
    if url:
        is_safe = url.startswith(("http://", "https://"))
        shown = evidence["label"] or shortened(url.partition("://")[2])
        return Cited(url, shown, is_link=True) if is_safe else None
    moment = moments.get(evidence["event"])
    if moment is None:
        return None
    event = moment.event
    return Cited(f"#event-{event['id']}", first_words(event["text"], event["html"], 80), at=moment.at)
