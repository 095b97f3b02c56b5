"""The five whys of a frozen review as flat lines, whatever the depth of their tree."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Line:
    """A question with its answer; `has_below` opens a list of further questions, `closes` lists end after it."""

    why: dict[str, Any]
    has_below: bool
    closes: range


def lines_of(tree: Sequence[dict[str, Any]]) -> list[Line]:
    """The lines in reading order, each question before those that its answer raises."""
    lines: list[Line] = []
    waiting = [(why, 0) for why in reversed(tree)]
    while waiting:
        why, depth = waiting.pop()
        waiting.extend((child, depth + 1) for child in reversed(why["children"]))
        next_depth = waiting[-1][1] if waiting else 0
        lines.append(Line(why, bool(why["children"]), range(max(depth - next_depth, 0))))
    return lines
