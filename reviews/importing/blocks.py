"""A section's body cut into first-level list items, tables and paragraphs."""

from __future__ import annotations

from dataclasses import dataclass, field

from reviews.importing.lines import Item, Line, dedent, item_of, joined
from reviews.importing.tables import Table, table_at


@dataclass
class Block:
    """One item (`item` is set), table (`table` is set) or paragraph with the lines it stands on."""

    lines: list[Line]
    item: Item | None = None
    table: Table | None = None
    children: list[Block] = field(default_factory=list)

    @property
    def number(self) -> int:
        """The line it starts on."""
        return self.lines[0].number

    @property
    def text(self) -> str:
        """Its Markdown, without the list marker."""
        if self.item is None:
            return joined([line.text for line in self.lines])
        return joined([self.item.text, *dedent(self.lines[1:], self.item.content)])

    @property
    def lead(self) -> str:
        """The item's own words: its first paragraph, without nested items."""
        own: list[str] = [self.item.text] if self.item else []
        for line in self.lines[1:] if self.item else self.lines:
            if line.blank or line.opaque or item_of(line) is not None:
                break
            own.append(line.text.strip())
        return " ".join(own)

    @property
    def rest(self) -> str:
        """What stands below the lead."""
        if self.item is None:
            return ""
        skip = 1
        for line in self.lines[1:]:
            if line.blank or line.opaque or item_of(line) is not None:
                break
            skip += 1
        return joined(dedent(self.lines[skip:], self.item.content))

    def nested(self) -> list[Block]:
        """The items directly below this one."""
        if self.item is None:
            return []
        return [block for block in cut(self.lines[1:], nested=True) if block.item is not None]


def cut(lines: list[Line], *, nested: bool = False) -> list[Block]:
    """The blocks of these lines in order; every line that is not blank stands in exactly one."""
    blocks: list[Block] = []
    base: int | None = None
    at = 0
    while at < len(lines):
        line = lines[at]
        table = None if nested else table_at(lines, at)
        current = blocks[-1] if blocks else None
        if table is not None:
            blocks.append(Block(lines[at : table.end], table=table))
            at = table.end
            continue
        item = item_of(line)
        if item is not None and (base is None or item.indent <= base or current is None or current.item is None):
            if base is None or item.indent < base or (current is not None and current.item is None):
                base = item.indent
            blocks.append(Block([line], item=item))
        elif line.blank and not line.opaque:
            if current is not None:
                current.lines.append(line)
        elif current is not None and _continues(current, line):
            current.lines.append(line)
        else:
            blocks.append(Block([line]))
            base = None
        at += 1
    for block in blocks:
        while block.lines and block.lines[-1].blank and not block.lines[-1].opaque:
            block.lines.pop()
    return _with_bullets_below(blocks)


def _with_bullets_below(blocks: list[Block]) -> list[Block]:
    """Bullets between the numbers of one list belong to the number above them, although they are not indented."""
    items = [block.item for block in blocks if block.item is not None]
    if (
        not items
        or not items[0].ordered
        or sum(item.ordered for item in items) < 2
        or all(item.ordered for item in items)
    ):
        return blocks
    merged: list[Block] = []
    for block in blocks:
        numbered = block.item is not None and block.item.ordered
        if not numbered and block.table is None and merged and merged[-1].item is not None:
            merged[-1].lines += [Line(block.lines[0].number, "", opaque=False), *block.lines]
        else:
            merged.append(block)
    return merged


def _continues(block: Block, line: Line) -> bool:
    ended = block.lines[-1].blank and not block.lines[-1].opaque
    if block.table is not None:
        return False
    if block.item is None:
        return not ended or (line.opaque and not ended)
    return line.indent > block.item.indent or not ended or (line.opaque and line.indent > block.item.indent)
