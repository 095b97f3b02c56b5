"""Cuts a Markdown write-up into its sentences, each with its place in the text.

Front matter, code, tables, link definitions and lines of fewer than three words (bare times, labels) are left out.
A list item or a heading without a full stop is a sentence. A sentence may run over several lines.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

FRONT_MATTER = re.compile(r"\A(---|\+\+\+)\n.*?\n\1[ ]*(?:\n|\Z)", re.DOTALL)
FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})")
MARKER = re.compile(r"[ \t]*(?:>[ \t]*)*(?:(?:[-*+]|\d{1,3}[.)]|#{1,6})[ \t]+)?(?:\[[ xX]\][ \t]+)?")
NEW_BLOCK = re.compile(r"[ \t]*(?:>[ \t]*)*(?:(?:[-*+]|\d{1,3}[.)]|#{1,6})[ \t])")
NO_PROSE = re.compile(r"[ \t]*(?:\||<[/!a-zA-Z]|\[[^\]]+\]:|(?:[-*_=][ \t]*){3,}$|[-: |]+\|[-: |]*$)|.*\|.*\|")
HEADING = re.compile(r"[ \t]*#{1,6}[ \t]")
WORD = re.compile(r"[^\W\d_]{2,}")
STOP = re.compile(r"""[.!?]+["'”’)\]*_`]*(?=\s+["'“‘(\[*_`]*[A-Z0-9])""")
ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|etc|vs|cf|approx|Mr|Ms|Dr|St|No|Inc|Ltd|a\.m|p\.m|U\.S)|\b[A-Z])\.\Z")
LEAST_WORDS = 3


@dataclass(frozen=True)
class Sentence:
    """`text` is the document from `start` to `end`, in characters."""

    start: int
    end: int
    text: str


def sentences(document: str) -> list[Sentence]:
    """In the order of the document."""
    return [
        Sentence(start, end, document[start:end])
        for block_start, block_end in _blocks(document)
        for start, end in _cut(document, block_start, block_end)
        if len(WORD.findall(document, start, end)) >= LEAST_WORDS
    ]


def _blocks(document: str) -> Iterator[tuple[int, int]]:
    """Paragraphs, list items and headings, without their markers."""
    front = FRONT_MATTER.match(document)
    at = front.end() if front else 0
    start: int | None = None
    end = at
    fence = ""
    for line in document[at:].splitlines(keepends=True):
        line_start, at = at, at + len(line)
        opening = FENCE.match(line)
        if fence or opening:
            if opening and not fence:
                fence = opening[1]
            elif opening and opening[1].startswith(fence) and line.strip() == opening[1]:
                fence = ""
            prose = False
        else:
            prose = bool(line.strip()) and not NO_PROSE.match(line)
        if start is not None and (not prose or NEW_BLOCK.match(line)):
            yield start, end
            start = None
        if prose:
            if start is None:
                marker = MARKER.match(line)
                start = line_start + (marker.end() if marker else 0)
            end = line_start + len(line.rstrip())
            if HEADING.match(line):
                yield start, end
                start = None
    if start is not None:
        yield start, end


def _cut(document: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The sentences of one block: a full stop, then white space and a capital, unless an abbreviation stands there."""
    for stop in STOP.finditer(document, start, end):
        if ABBREVIATION.search(document, start, stop.start() + 1):
            continue
        yield start, stop.end()
        start = stop.end()
        while start < end and document[start].isspace():
            start += 1
    if start < end:
        yield start, end
