"""The blocks of a Markdown text: paragraphs, headings, lists, quotes, code, tables, definitions.

Python-Markdown's own reader of blocks wants lists indented by four and set off by blank lines, takes `#42` for a
heading, drops what it makes no use of, and needs minutes for some texts of a few kilobytes. This one follows
CommonMark and GitHub in what people notice, keeps every word, and reads each line a bounded number of times.
"""

import re
from xml.etree.ElementTree import Element, SubElement

from core.code_blocks import LANGUAGES, code_block
from core.markdown_document import Definition, Document, Footnote, normal
from core.markdown_lines import (
    ALIGNMENT,
    DEFINITION,
    FENCE,
    FOOTNOTE,
    HEADING,
    ITEM,
    OpenFence,
    blank,
    cells,
    continues,
    is_item,
    is_rule,
    joined,
    like_definition,
    note_goes_on,
    starts_block,
    starts_table,
    underline,
    untabbed,
)
from core.safe_html import safe_address

DEEPEST = 12  # quotes and lists within each other; what is deeper shows its marks

_CLOSING_MARKS = re.compile(r"(?:^|[ \t])#+[ \t]*$")
_QUOTE = re.compile(r" {0,3}> ?")
_TASK = re.compile(r"\[([ xX])\](?=[ \t]+\S)")
_LANGUAGE = re.compile(r"([a-z][a-z0-9+#-]{0,19})|\{\.?([a-z][a-z0-9+#-]{0,19})\}", re.ASCII | re.IGNORECASE)


def read_blocks(lines: list[str], document: Document) -> None:
    """Read the whole text into `document.root`; words are not looked into yet."""
    _Reader(document).read(lines, document.root, 0)
    document.settle_headings()


def read_note(note: Footnote, item: Element, document: Document) -> None:
    """Read a footnote's lines into its list item."""
    _Reader(document).read(note.lines, item, 1)
    document.settle_headings()


class _Reader:
    """Each method takes the lines and the place of a block's first line, and returns the place after its last."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def read(self, lines: list[str], parent: Element, depth: int) -> None:
        lines = [untabbed(line) if "\t" in line else line for line in lines]
        at = 0
        while at < len(lines):
            at = at + 1 if blank(lines[at]) else self._block(lines, at, parent, depth)

    def _block(self, lines: list[str], at: int, parent: Element, depth: int) -> int:
        line = lines[at]
        if line.startswith("    "):
            return self._indented(lines, at, parent)
        first = line.lstrip(" ")[0]
        if first in "`~" and (fence := FENCE.match(line)):
            return self._fenced(lines, at, parent, fence)
        if first == "#" and (heading := HEADING.match(line)):
            self._heading(parent, len(heading[1]), _CLOSING_MARKS.sub("", heading[2] or ""))
            return at + 1
        if is_rule(line):
            SubElement(parent, "hr")
            return at + 1
        if depth < DEEPEST:
            if first == ">":
                return self._quote(lines, at, parent, depth)
            if item := ITEM.match(line):
                return self._list(lines, at, parent, depth, item[2])
        if first == "[" and (after := self._definition(lines, at)):
            return after
        if starts_table(lines, at):
            return self._table(lines, at, parent)
        return self._paragraph(lines, at, parent)

    def _paragraph(self, lines: list[str], start: int, parent: Element) -> int:
        at = start + 1
        while at < len(lines) and not blank(lines[at]):
            line = lines[at]
            if at == start + 1 and (level := underline(line)):
                self._heading(parent, level, lines[start])
                return at + 1
            if starts_block(line) or starts_table(lines, at) or self._starts_definition(lines, at):
                break
            at += 1
        SubElement(parent, "p").text = joined([line.lstrip(" ") for line in lines[start:at]])
        return at

    def _heading(self, parent: Element, level: int, text: str) -> None:
        element = SubElement(parent, "h3")
        element.text = text.strip()
        self.document.headings.append((element, level))

    def _indented(self, lines: list[str], start: int, parent: Element) -> int:
        at = start
        while at < len(lines) and (lines[at].startswith("    ") or blank(lines[at])):
            at += 1
        while blank(lines[at - 1]):
            at -= 1
        parent.append(code_block("\n".join(line[4:] for line in lines[start:at]) + "\n"))
        return at

    def _fenced(self, lines: list[str], start: int, parent: Element, fence: re.Match[str]) -> int:
        marks, info = fence[1], fence[2].strip()
        named = _LANGUAGE.fullmatch(info)
        # Chat tools begin the code right after the marks, and end it right before them.
        code = [info] if info and not named else []
        indent = fence.start(1)
        at = start + 1
        while at < len(lines):
            line = lines[at]
            at += 1
            stripped = line.strip()
            if stripped.startswith(marks) and not stripped.strip(marks[0]):
                break
            if code and stripped.endswith(marks):
                code.append(line.rstrip().removesuffix(marks))
                break
            code.append(line[min(indent, len(line) - len(line.lstrip(" "))) :])
        text = "\n".join(code) + "\n" if code else ""
        language = (named[1] or named[2]).lower() if named else ""
        parent.append(code_block(text, language, self.document.room_for_colour))
        if language in LANGUAGES:
            self.document.room_for_colour -= len(text)
        return at

    def _quote(self, lines: list[str], start: int, parent: Element, depth: int) -> int:
        inner: list[str] = []
        open_fence = OpenFence()
        at = start
        while at < len(lines):
            line = lines[at]
            if mark := _QUOTE.match(line):
                inner.append(line[mark.end() :])
                open_fence.see(inner[-1])
            elif continues(line, inner, open_fence):
                inner.append(line.lstrip(" "))
            else:
                break
            at += 1
        self.read(inner, SubElement(parent, "blockquote"), depth + 1)
        return at

    def _list(self, lines: list[str], start: int, parent: Element, depth: int, marker: str) -> int:
        element = SubElement(parent, "ol" if marker[0].isdigit() else "ul")
        if marker[0].isdigit() and int(marker[:-1]) != 1:
            element.set("start", str(int(marker[:-1])))
        at, loose = start, False
        while at < len(lines) and (item := ITEM.match(lines[at])) and item[2][-1] == marker[-1]:
            if is_rule(lines[at]):
                break
            inner, at = _item_lines(lines, at, item)
            child = SubElement(element, "li")
            self._item(inner, child, depth)
            after = at
            while at < len(lines) and blank(lines[at]):
                at += 1
            loose = loose or (at > after and is_item(lines, at, marker[-1])) or len(child.findall("p")) > 1
        if not loose:
            for child in element:
                if len(child) and child[0].tag == "p":
                    child[0].tag = "tight"
        return at

    def _item(self, inner: list[str], child: Element, depth: int) -> None:
        if task := _TASK.match(inner[0].lstrip(" ")):
            child.set("class", "task")
            inner[0] = ("☐" if task[1] == " " else "☑") + inner[0].lstrip(" ")[3:]
        self.read(inner, child, depth + 1)

    def _definition(self, lines: list[str], at: int) -> int | None:
        """Takes a definition out of the text where its label is used elsewhere; else it is text like any other."""
        labels = self.document.labels
        if note := FOOTNOTE.match(lines[at]):
            label = normal(note[1])
            if labels["^" + label] < 2 or label in self.document.footnotes:
                return None
            end = at + 1
            while end < len(lines) and (lines[end].startswith("    ") or note_goes_on(lines, end)):
                end += 1
            rest = [line.removeprefix("    ") for line in lines[at + 1 : end]]
            self.document.footnotes[label] = Footnote([note[2] or "", *rest], lines[at:end])
            return end
        if made := DEFINITION.match(lines[at]):
            label = normal(made[1])
            address = safe_address(made[2] or made[3] or "")
            if address is None or labels[label] < 2 or label in self.document.definitions:
                return None
            title = made[4] or made[5] or made[6] or ""
            self.document.definitions[label] = Definition(address, title, lines[at])
            return at + 1
        return None

    def _starts_definition(self, lines: list[str], at: int) -> bool:
        """Whether a paragraph ends before a definition: a footnote's always, another only after one like it."""
        if not like_definition(lines[at]):
            return False
        note = FOOTNOTE.match(lines[at])
        return like_definition(lines[at - 1]) or (note is not None and self.document.labels["^" + normal(note[1])] > 1)

    def _table(self, lines: list[str], start: int, parent: Element) -> int:
        classes = []
        for cell in cells(lines[start + 1]):
            sides = ALIGNMENT.fullmatch(cell)
            classes.append("" if sides is None or not sides[2] else "is-center" if sides[1] else "is-right")
        frame = SubElement(parent, "div", {"class": "table-scroll", "tabindex": "0"})
        table = SubElement(frame, "table")
        _row(SubElement(table, "thead"), "th", lines[start], classes)
        body = SubElement(table, "tbody")
        at = start + 2
        while at < len(lines) and not blank(lines[at]) and not starts_block(lines[at]):
            _row(body, "td", lines[at], classes)
            at += 1
        if not len(body):
            table.remove(body)
        return at


def _item_lines(lines: list[str], start: int, item: re.Match[str]) -> tuple[list[str], int]:
    """The lines of a list item without their indentation, and the place after them. Blank lines at the end are not
    the item's."""
    line = lines[start]
    padding = len(item[3].expandtabs(4))
    width = len(item[1]) + len(item[2]) + (padding if 1 <= padding <= 4 else 1)
    first = line[item.end() :] if padding <= 4 else " " * (padding - 1) + line[item.end() :]
    inner = [first]
    open_fence = OpenFence()
    open_fence.see(first)
    at = end = start + 1
    while at < len(lines):
        line = lines[at]
        at += 1
        if blank(line):
            inner.append("")
            continue
        if line.startswith(" " * width):
            inner.append(line[width:])
            open_fence.see(inner[-1])
        elif not ITEM.match(line) and continues(line, inner, open_fence):
            inner.append(line.lstrip(" "))
        else:
            break
        end = at
    return inner[: end - start], end


def _row(parent: Element, tag: str, line: str, classes: list[str]) -> None:
    row = SubElement(parent, "tr")
    for number, text in enumerate(cells(line)):
        cell = SubElement(row, tag)
        cell.text = text.replace("\\|", "|")
        if number < len(classes) and classes[number]:
            cell.set("class", classes[number])
