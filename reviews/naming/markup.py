"""What of a text written in Markdown is code, and what is an address that would break if a word in it were another."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

_FENCE = re.compile(r"[ >\t]{0,20}(?:[-*+] +|\d{1,9}[.)] +)?(`{3,}|~{3,})")
_TICKS = re.compile(r"`+")
_ADDRESS = re.compile(
    r"(?:https?|ftp)://[^\s<>\"]+|(?<=<)mailto:[^\s<>]+|^ {0,3}\[[^\]\n]{1,200}\]:[ \t]*(?P<defined>\S+)", re.MULTILINE
)
_DESTINATION = re.compile(r"\]\([ \n]{0,3}(<[^<>\n]*>|[^\s()<][^\s()]*(?:\([^\s()]*\)[^\s()]*)*)")


class Spans:
    """Places in a text that do not overlap."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self.spans: list[tuple[int, int]] = []
        for start, end in sorted(spans):
            if not self.spans or start >= self.spans[-1][1]:
                self.spans.append((start, end))
        self._starts = [start for start, _ in self.spans]

    def hold(self, at: int) -> bool:
        """Whether the character at `at` stands in one of them."""
        place = bisect_right(self._starts, at) - 1
        return place >= 0 and at < self.spans[place][1]


@dataclass(frozen=True)
class Layout:
    """Where code and addresses stand in a text."""

    code: Spans
    addresses: Spans


def layout_of(text: str) -> Layout:
    """The layout of `text`, in one pass each."""
    return Layout(Spans(_code(text)), Spans(_addresses(text)))


def _addresses(text: str) -> Iterable[tuple[int, int]]:
    if "://" in text or "mailto:" in text or "]:" in text:
        for found in _ADDRESS.finditer(text):
            yield found.span("defined") if found["defined"] else found.span()
    if "](" in text:
        for found in _DESTINATION.finditer(text):
            yield found.span(1)


def _code(text: str) -> Iterable[tuple[int, int]]:
    if "`" not in text and "~~~" not in text:
        return
    blocks = list(_blocks(text))
    yield from blocks
    between = [0, *(edge for block in blocks for edge in block), len(text)]
    for start, end in zip(between[::2], between[1::2], strict=True):
        yield from _spans(text, start, end)


def _blocks(text: str) -> Iterable[tuple[int, int]]:
    at, begun, mark = 0, 0, ""
    for line in text.splitlines(keepends=True):
        found = _FENCE.match(line)
        if found and not mark:
            begun, mark = at, found[1]
        elif found and found[1][0] == mark[0] and len(found[1]) >= len(mark):
            yield begun, at + len(line)
            mark = ""
        at += len(line)
    if mark:
        yield begun, at


def _spans(text: str, start: int, end: int) -> Iterable[tuple[int, int]]:
    """A run of backticks up to the next run of the same length."""
    runs = [found.span() for found in _TICKS.finditer(text, start, end)]
    waiting: dict[int, list[int]] = defaultdict(list)
    for place in range(len(runs) - 1, -1, -1):
        waiting[runs[place][1] - runs[place][0]].append(place)
    place = 0
    while place < len(runs):
        length = runs[place][1] - runs[place][0]
        while waiting[length] and waiting[length][-1] <= place:
            waiting[length].pop()
        if not waiting[length]:
            place += 1
            continue
        closing = waiting[length][-1]
        yield runs[place][0], runs[closing][1]
        place = closing + 1
