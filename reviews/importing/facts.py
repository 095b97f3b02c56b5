"""Named values in the text of a write-up: "Severity: SEV2", "First detected 2021-03-31 09:30", rows of a fact table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from reviews.importing.lines import Line, item_of
from reviews.importing.plain import bare, plain
from reviews.importing.tables import Table, table_at

_LONGEST = 600
_NAMED = re.compile(r"([A-Za-z][\w &()/'’.\-]{1,48}?)\s*(?::(?=\s)|=(?=\s)|\s[-–—]+\s|\t)\s*(\S.*)$")
_BEFORE_DATE = re.compile(
    r"([A-Za-z][A-Za-z ]{2,30}?)\s+(?:(?:at|on)\s+)?((?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}:\d{2}"
    r"|\d{1,2}/\d{1,2}/\d{2,4})\b.*)$"
)
_ONLY_LABEL = re.compile(r"([A-Za-z][\w &()/'’\-]{1,48}?)\s*:$")


@dataclass(frozen=True)
class Fact:
    """A label in lower case, and what stands beside it without markup."""

    label: str
    value: str
    line: int
    name: str = ""  # the label as written


def facts_in(lines: list[Line]) -> list[Fact]:
    """Every "label: value" of these lines, whatever form it has, in order."""
    facts: list[Fact] = []
    at = 0
    while at < len(lines):
        table = table_at(lines, at)
        if table is not None:
            facts += _from_table(table)
            at = table.end
            continue
        fact = _from_line(lines, at)
        if fact is not None:
            facts.append(fact)
        at += 1
    return facts


def _from_line(lines: list[Line], at: int) -> Fact | None:
    line = lines[at]
    if line.opaque or line.blank or len(line.text) > _LONGEST:
        return None
    item = item_of(line)
    text = plain((item.text if item else line.text).strip().lstrip("> ").removesuffix("\\").strip())
    text = re.sub(r"^\[[ xX]\]\s+", "", text).strip("*_ ")
    match = _NAMED.match(text) or _BEFORE_DATE.match(text)
    if match is not None:
        value = match[2].strip("*_ ")
        return Fact(bare(match[1]), value, line.number, match[1]) if value and not value.startswith("//") else None
    if (label := _ONLY_LABEL.match(text)) is not None:
        value = ", ".join(_below(lines, at, item.indent if item else 0))
        return Fact(bare(label[1]), value, line.number, label[1]) if value else None
    return None


def _below(lines: list[Line], at: int, indent: int) -> Iterator[str]:
    """The few short lines that stand below a label of their own."""
    for number, line in enumerate(lines[at + 1 : at + 14]):
        if line.opaque or (line.blank and number > 0):
            return
        if line.blank:
            continue
        item = item_of(line)
        if (number > 1 and item is None) or len(line.text) > 200 or line.text.startswith("#"):
            return
        if item is not None and item.indent < indent:
            return
        yield plain(item.text if item else line.text.strip())


def _from_table(table: Table) -> list[Fact]:
    """Rows of two cells are a label and a value; a table of one row has its labels in the header."""
    width = len(table.header.cells)
    if width == 2:
        rows = [table.header, *table.rows]
        return [
            Fact(bare(row.cells[0]), plain(row.cells[1]), row.line.number)
            for row in rows
            if len(row.cells) == 2 and row.cells[1].strip() and len(row.cells[0]) < 60
        ]
    if len(table.rows) == 1:
        row = table.rows[0]
        return [
            Fact(bare(label), plain(value), row.line.number)
            for label, value in zip(table.header.cells, row.cells, strict=False)
            if value.strip()
        ]
    return []
