"""The lines of a Markdown text, with what the line-based readers need to know about each."""

from __future__ import annotations

import re
from dataclasses import dataclass

from reviews.importing.layout import only_lays_out

_FENCE = re.compile(r"( {0,12}(?:[-*+] |\d{1,3}[.)] )?\s{0,12})(`{3,}|~{3,})(.*)")
_ITEM = re.compile(r"(\s*)([-*+•]|\d{1,3}[.)])(\s+)(?=\S)")
_INDENT_CAP = 200


@dataclass(frozen=True)
class Line:
    """A line of the file. `opaque` lines stand in code or an HTML comment and are never read, only kept."""

    number: int
    text: str
    opaque: bool = False

    @property
    def blank(self) -> bool:
        """Nothing but white space."""
        return not self.text.strip()

    @property
    def indent(self) -> int:
        """Columns of white space before the text; a tab is four."""
        expanded = self.text[:_INDENT_CAP].expandtabs(4)
        return len(expanded) - len(expanded.lstrip())


@dataclass(frozen=True)
class Item:
    """A list item's first line: the column of its marker, that of its text, and the text."""

    indent: int
    content: int
    text: str
    ordered: bool


def read_lines(texts: list[str], first: int = 1) -> list[Line]:
    """Number the lines and mark those in fenced code and HTML comments; what only lays out the page is blank."""
    lines: list[Line] = []
    fence = ""
    comment = False
    for number, text in enumerate(texts, first):
        found = _FENCE.match(text) if len(text) < 400 else None
        if fence:
            lines.append(Line(number, text, opaque=True))
            if found and found[2].startswith(fence) and not found[3].strip():
                fence = ""
        elif comment:
            lines.append(Line(number, text, opaque=True))
            comment = "-->" not in text
        elif found and not (found[2][0] == "`" and "`" in found[3]):
            fence = found[2]
            lines.append(Line(number, text, opaque=True))
        elif text.lstrip().startswith("<!--"):
            comment = "-->" not in text
            lines.append(Line(number, text, opaque=True))
        else:
            lines.append(Line(number, "" if only_lays_out(text) else text))
    return lines


def item_of(line: Line) -> Item | None:
    """The list item that starts on this line, if one does."""
    if line.opaque:
        return None
    match = _ITEM.match(line.text)
    if match is None or re.fullmatch(r"\s*([-*_]\s*){3,}", line.text[:80]):
        return None
    indent = line.indent
    content = indent + len(match[2]) + min(len(match[3]), 4)
    return Item(indent, content, line.text[match.end() :].rstrip(), match[2][0].isdigit())


def dedent(lines: list[Line], columns: int) -> list[str]:
    """The texts with up to so many columns of leading white space taken away."""
    shortened = []
    for line in lines:
        text = line.text
        cut = 0
        while cut < min(columns, len(text)) and text[cut] == " ":
            cut += 1
        if cut < columns and text[cut : cut + 1] == "\t":
            cut += 1
        shortened.append(text[cut:])
    return shortened


def joined(texts: list[str]) -> str:
    """Lines as one Markdown text without blank lines at its ends."""
    return "\n".join(text.rstrip() for text in texts).strip("\n")
