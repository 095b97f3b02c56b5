"""Markdown tables, read into cells."""

from __future__ import annotations

import re
from dataclasses import dataclass

from reviews.importing.lines import Line

_DELIMITER = re.compile(r"\s{0,3}\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")


@dataclass(frozen=True)
class Row:
    """The cells of one row, and the line it stood on."""

    cells: list[str]
    line: Line


@dataclass(frozen=True)
class Table:
    """A header, rows, and the index of the first line after the table."""

    header: Row
    rows: list[Row]
    end: int


def table_at(lines: list[Line], at: int) -> Table | None:
    """The table whose header stands on this line, if one does."""
    if at + 1 >= len(lines) or lines[at].opaque or lines[at + 1].opaque or "|" not in lines[at].text:
        return None
    delimiter = lines[at + 1].text
    if len(delimiter) > 5000 or "-" not in delimiter or "|" not in delimiter or not _DELIMITER.match(delimiter):
        return None
    header = cells_of(lines[at].text)
    if len(header) < 2:
        return None
    rows = []
    end = at + 2
    while end < len(lines) and not lines[end].opaque and "|" in lines[end].text:
        cells = cells_of(lines[end].text)
        rows.append(Row(cells[: len(header)] if len(cells) <= len(header) else _merged(cells, len(header)), lines[end]))
        end += 1
    return Table(Row(header, lines[at]), rows, end)


def _merged(cells: list[str], width: int) -> list[str]:
    """A row with stray pipes in its last column, put together again."""
    return [*cells[: width - 1], " | ".join(cells[width - 1 :]).strip(" |")]


def cells_of(text: str) -> list[str]:
    """Split a row at its pipes; escaped ones and those in code stay."""
    cells: list[str] = []
    current: list[str] = []
    code = False
    body = text.strip()
    for position, char in enumerate(body):
        if char == "`":
            code = not code
        if char == "|" and not (position and body[position - 1] == "\\") and not (code and "`" in body[position:]):
            cells.append("".join(current).strip())
            current = []
        else:
            current.append(char)
    cells.append("".join(current).strip())
    if cells and not cells[0]:
        cells = cells[1:]
    if len(cells) > 1 and not cells[-1]:
        cells = cells[:-1]
    return cells
