"""Paragraphs, headings, lists, tables, code: from elements to lines of Markdown."""

import re
from collections.abc import Iterator
from itertools import pairwise
from xml.etree.ElementTree import Element

from reviews.importing.html.confluence import PANELS, body, code_of, macro_name, parameter, status_of
from reviews.importing.html.inline import Inline
from reviews.importing.html.styles import level_of
from reviews.importing.html.tree import BLOCKS, DROPPED, as_written, name_of, words_of

_DEEPEST = 60
_BEGINS_AS_OTHER = re.compile(r"^(#{1,6}(?=\s)|[-+>](?=\s|$)|(?=={3,}$)|(?=-{3,}$))")
_NUMBERED = re.compile(r"^(\d{1,9})([.)])(?=\s)")
_NOTE = re.compile(r"ftnt(\d+)$")


class Blocks:
    """Writes blocks; `title` is a heading that the page has above, so that its own headings stand one deeper."""

    def __init__(self, inline: Inline, deeper: int = 0) -> None:
        self.inline, self.deeper = inline, deeper

    def below(self, element: Element, depth: int = 0) -> list[str]:
        """The blocks in an element, each as a Markdown text of its own."""
        if depth > _DEEPEST:
            return _paragraph(words_of(element))
        found: list[str] = []
        running: list[Element | str] = [element.text or ""]
        for child in element:
            name = name_of(child)
            if (name in BLOCKS and not _is_within_a_line(child)) or (name and _holds_blocks(child, name)):
                found += _paragraph(self.inline.pieces(running))
                running = []
                self._block(child, name, depth + 1, found)
            elif name and name not in DROPPED:
                running.append(child)
            running.append(child.tail or "")
        return found + _paragraph(self.inline.pieces(running))

    def _block(self, element: Element, name: str, depth: int, found: list[str]) -> None:
        if re.fullmatch(r"h[1-6]", name):
            words = self.inline.text(element).replace("\\\n", " ").strip()
            if words:
                found.append(f"{'#' * min(6, int(name[1]) + self.deeper)} {words}")
        elif name == "p":
            found += self._own_paragraph(element)
        elif name in ("ul", "ol"):
            self._list(element, name, depth, found)
        elif name == "ac:task-list":
            found.append("\n".join(self._task(one, depth) for one in element if name_of(one) == "ac:task"))
        elif name == "table":
            found += self._table(element, depth)
        elif name == "pre":
            found.append(_fenced(as_written(element).strip("\n"), _language(element)))
        elif name == "blockquote":
            found += _quoted("\n\n".join(self.below(element, depth)))
        elif name == "hr":
            if "page-break" not in (element.get("style") or ""):
                found.append("---")
        elif name in ("ac:structured-macro", "ac:macro"):
            found += self._macro(element, depth)
        elif name == "dl":
            found += self._definitions(element)
        elif name == "div" and (note := self._note(element)):
            found.append(note)
        elif not _is_comment(element):
            found += self.below(element, depth)

    def _own_paragraph(self, element: Element) -> list[str]:
        """A paragraph; one that holds nothing but code of a fixed width per line is code."""
        return _paragraph(self.inline.text(element))

    def _list(self, element: Element, name: str, depth: int, found: list[str]) -> None:
        level = level_of(element)
        start = element.get("start") or "1"
        number = int(start) if start.isdecimal() and len(start) < 7 else 1
        items = []
        for child in element:
            if name_of(child) == "li":
                mark = f"{number}." if name == "ol" else "-"
                items.append(self._item(child, mark, depth))
                number += 1
            elif name_of(child) in ("ul", "ol"):  # some editors nest a list beside its item
                nested: list[str] = []
                self._list(child, name_of(child), depth + 1, nested)
                items += [_indented(one, "  ", first=True) for one in nested]
        if not items:
            return
        written = "\n".join(items)
        if level is not None:
            written = _indented(written, "    " * level, first=True)
            goes_on = level > 0 or "start" not in (element.get("class") or "").split()
            if goes_on and found and re.match(r"(?:-|\d+\.) ", found[-1]):
                found[-1] += "\n" + written
                return
        found.append(written)

    def _item(self, element: Element, mark: str, depth: int) -> str:
        blocks = self.below(element, depth + 1) or [""]
        joined = blocks[0]
        for before, block in pairwise(blocks):
            tight = re.match(r"\s*(?:-|\d+\.) ", block) and "\n\n" not in before
            joined += ("\n" if tight else "\n\n") + block
        return f"{mark} {_indented(joined, ' ' * (len(mark) + 1))}"

    def _task(self, element: Element, depth: int) -> str:
        parts = {name_of(one): one for one in element}
        done = "ac:task-status" in parts and words_of(parts["ac:task-status"]) == "complete"
        inner = self.below(parts["ac:task-body"], depth + 1) if "ac:task-body" in parts else []
        return f"- [{'x' if done else ' '}] {_indented(chr(10).join(inner), '  ')}"

    def _table(self, element: Element, depth: int) -> list[str]:
        rows = [[one for one in row if name_of(one) in ("td", "th")] for row in _rows(element)]
        cells = [[self._cell(one, depth) for one in row] for row in rows if row]
        if not cells:
            return []
        if len(cells) == 1 and len(cells[0]) == 1:
            return self.below(rows[0][0], depth + 1)  # a frame around something
        width = min(max(len(row) for row in cells), 60)
        padded = [(row + [""] * width)[:width] for row in cells]
        if not all(name_of(one) == "th" for one in rows[0]) and all(name_of(row[0]) == "th" for row in rows if row):
            padded.insert(0, [""] * width)  # headings stand at the side
        lines = ["| " + " | ".join(row) + " |" for row in padded]
        lines.insert(1, "|" + " --- |" * width)
        return ["\n".join(lines)]

    def _cell(self, element: Element, depth: int) -> str:
        blocks = self.below(element, depth + 1)
        written = "<br>".join(part for block in blocks for part in re.split(r"\\?\n", block) if part.strip())
        if "<br>" in written:
            written = "; ".join(part.strip().removeprefix("- ") for part in written.split("<br>"))
        return written.replace("|", "\\|")

    def _macro(self, element: Element, depth: int) -> list[str]:
        name = macro_name(element)
        plain = code_of(element)
        if plain is not None:
            title = parameter(element, "title")
            return [*([f"**{title}**"] if title else []), _fenced(*plain)]
        inner = body(element)
        if inner is None:
            return _paragraph(status_of(element))
        blocks = self.below(inner, depth + 1)
        if name in PANELS:
            title = parameter(element, "title") or PANELS[name]
            return _quoted("\n\n".join([*([f"**{title}**"] if title else []), *blocks]))
        if name == "expand" and (title := parameter(element, "title")):
            return [f"**{title}**", *blocks]
        return blocks

    def _definitions(self, element: Element) -> list[str]:
        found = []
        for one in element:
            words = self.inline.text(one)
            if words:
                found.append(f"**{words}**" if name_of(one) == "dt" else words)
        return found

    def _note(self, element: Element) -> str:
        """A footnote of Google Docs, which stands at the end."""
        for one in element.iter("a"):
            if found := _NOTE.match(one.get("id") or ""):
                words = self.inline.text(element)
                return f"[^{found[1]}]: {words}"
        return ""


def _is_comment(element: Element) -> bool:
    """A comment of Google Docs, which stands at the end."""
    return any(re.match(r"cmnt\d+$", one.get("id") or "") for one in element.iter("a"))


def _is_within_a_line(element: Element) -> bool:
    """Macros such as a status stand in the middle of a sentence."""
    is_macro = name_of(element) in ("ac:structured-macro", "ac:macro")
    return is_macro and macro_name(element) in ("status", "jira", "anchor")


def _holds_blocks(element: Element, name: str) -> bool:
    """Something that belongs into a line, around paragraphs."""
    within = name in ("span", "font", "b", "strong", "em", "i", "a", "time-element", "main", "center")
    return within and any(name_of(one) in ("p", "ul", "ol", "table", "h1", "h2", "h3", "div", "pre") for one in element)


def _rows(table: Element) -> Iterator[Element]:
    """The table's own rows, and not those of a table in it."""
    for one in table:
        if name_of(one) == "tr":
            yield one
        elif name_of(one) in ("thead", "tbody", "tfoot"):
            yield from (row for row in one if name_of(row) == "tr")


def _paragraph(words: str) -> list[str]:
    if not words.strip():
        return []
    lines = []
    for line in words.split("\n"):
        line = _BEGINS_AS_OTHER.sub(r"\\\1", line)
        lines.append(_NUMBERED.sub(r"\1\\\2", line))
    return ["\n".join(lines)]


def _language(element: Element) -> str:
    for one in element.iter():
        said = f"{one.get('class')} {one.get('data-syntaxhighlighter-params')}"
        if found := re.search(r"(?:language-|brush:\s*)([a-z0-9+#-]{1,20})", said):
            return found[1]
    return ""


def _fenced(text: str, language: str = "") -> str:
    fence = "`" * max(3, max((len(run) for run in re.findall(r"`+", text)), default=0) + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def _quoted(text: str) -> list[str]:
    return ["\n".join(f"> {line}".rstrip() for line in text.split("\n"))] if text.strip() else []


def _indented(text: str, by: str, *, first: bool = False) -> str:
    lines = text.split("\n")
    return "\n".join(by + line if line.strip() and (first or n) else line for n, line in enumerate(lines))
