"""What the blocks of one text and the words in them must know of each other: definitions, footnotes, headings."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from core.code_blocks import MOST_COLOURED

_LABEL = re.compile(r"\[([^\[\]]{1,300})\]")
_NOT_WORD = re.compile(r"[^\w]+")
_TOP = 3  # user text stands below the page's own h1 and h2


def normal(label: str) -> str:
    """A label as it is compared: without regard to case and spaces."""
    return " ".join(label.split()).casefold()


@dataclass(frozen=True)
class Definition:
    """Where `[label]: address "title"` leads, and the line as it was written."""

    address: str
    title: str
    line: str


@dataclass
class Footnote:
    """The lines of one note; its number, once it was referred to, counts from 1 in the order of first mention."""

    lines: list[str]
    written: list[str]
    number: int = 0
    mentions: int = 0


@dataclass
class Document:
    """One text while it is rendered. `prefix` begins every id, so that several texts can stand on one page."""

    prefix: str
    anchored: bool
    labels: Counter[str]
    root: Element = field(default_factory=lambda: Element("div"))
    definitions: dict[str, Definition] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    footnotes: dict[str, Footnote] = field(default_factory=dict)
    mentioned: list[Footnote] = field(default_factory=list)
    headings: list[tuple[Element, int]] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)
    room_for_colour: int = MOST_COLOURED

    def mention(self, label: str) -> Footnote | None:
        """The footnote of that label, numbered now if this is its first mention."""
        note = self.footnotes.get(normal(label))
        if note is None:
            return None
        note.mentions += 1
        if not note.number:
            self.mentioned.append(note)
            note.number = len(self.mentioned)
        return note

    def settle_headings(self) -> None:
        """Give headings their rank: the highest level used becomes h3, the next h4; ids where anchors are wanted."""
        ranks = {level: rank for rank, level in enumerate(sorted({level for _, level in self.headings}))}
        for element, level in self.headings:
            element.tag = f"h{min(_TOP + ranks[level], 6)}"
            slug = _NOT_WORD.sub("-", (element.text or "").lower()).strip("-")[:60]
            if self.anchored and slug and slug not in self.anchors:
                self.anchors.add(slug)
                element.set("id", f"{self.prefix}{slug}")
        self.headings.clear()

    def unclaimed(self) -> Iterable[str]:
        """Lines of definitions that nothing referred to: they were meant as text."""
        for label, definition in self.definitions.items():
            if label not in self.used:
                yield definition.line
        for note in self.footnotes.values():
            if not note.number:
                yield from note.written


def labels_in(text: str) -> Counter[str]:
    """How often each bracketed label occurs; empty where nothing could be a definition."""
    if "]:" not in text:
        return Counter()
    return Counter(normal(label) for label in _LABEL.findall(text))
