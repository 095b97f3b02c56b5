"""Five whys as people write them, into a tree of questions and answers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviews.importing.blocks import Block, cut
from reviews.importing.document import ParsedWhy
from reviews.importing.lines import Line, item_of
from reviews.importing.plain import plain
from reviews.importing.tables import Table

_LABEL = re.compile(
    r"(?:why\s*#?\d?|(?:first|second|third|fourth|fifth|1st|2nd|3rd|4th|5th)\s+why|why\s*(?:\(\d\)))\W*", re.I
)
_ANSWER = re.compile(r"^[\s*_]*(?:(?:a|answer|because)\s*[:.]\s*|[-–—:>→]+\s*)", re.I)
_ASKED = re.compile(r"^(?:q|question)\s*[:.]\s*", re.I)


def read_whys(lines: list[Line]) -> tuple[list[ParsedWhy], list[str]]:
    """The tree, and the lines that are no part of it. A flat list is a chain: each answer raises the next question."""
    roots: list[ParsedWhy] = []
    left: list[str] = []
    chain: list[ParsedWhy] = []
    for block in cut(lines):
        whys = _of_table(block.table) if block.table is not None else _of_block(block)
        if (
            not whys
            and chain
            and block.item is None
            and block.table is None
            and not chain[-1].answer
            and not _is_question(block.lead)
        ):
            chain[-1].answer = _ANSWER.sub("", block.text).strip()
            continue
        if not whys:
            left += ["", *(line.text for line in block.lines)]
            continue
        for why in whys:
            if chain and chain[-1].answer == "" and why.question == "Why?":
                chain[-1].answer = why.answer
                continue
            if chain and not _starts_anew(block, why):
                chain[-1].children.append(why)
            else:
                roots.append(why)
            chain.append(_deepest(why))
    return roots, left


def every_why(whys: list[ParsedWhy]) -> Iterator[ParsedWhy]:
    """The whys of a tree, each before its children."""
    for why in whys:
        yield why
        yield from every_why(why.children)


def _starts_anew(block: Block, why: ParsedWhy) -> bool:
    """A list that counts from one again tells another branch."""
    text = block.lines[0].text.strip()
    return (
        re.match(r"1[.)]\s", text) is not None
        or re.match(r"(?:\W*)(?:1st|first) why|\W*why\s*#?1\b", plain(text), re.I) is not None
    )


def _deepest(why: ParsedWhy) -> ParsedWhy:
    while why.children:
        why = why.children[-1]
    return why


def _is_question(text: str) -> bool:
    words = _ASKED.sub("", plain(text).strip("*_ "))
    return bool(re.match(r"(?:\d[.)]\s*)?(?:why|how (?:come|did|could))\b", words, re.I)) or bool(_LABEL.match(words))


def _of_block(block: Block) -> list[ParsedWhy]:
    text = block.text
    words = plain(block.lead).strip()
    if not words:
        return []
    if block.item is not None and not _is_question(block.lead):
        nested = [inner for inner in block.nested() if _is_question(inner.lead)]
        if nested or block.item.ordered:
            why = ParsedWhy("Why?", _own_text(block, nested))
            for inner in nested:
                why.children += _of_block(inner)
            return [why]
        return []
    if not _is_question(block.lead):
        return []
    lines = text.split("\n")
    if block.item is None and len(lines) > 1 and sum(_is_question(line) for line in lines) > 1:
        return _of_lines(lines)
    nested = [inner for inner in block.nested() if _is_question(inner.lead)] if block.item is not None else []
    own = _own_text(block, nested)
    why = _split(own)
    for inner in nested:
        why.children += _of_block(inner)
    return [why]


def _of_lines(lines: list[str]) -> list[ParsedWhy]:
    """Question and answer lines that follow each other without blank lines."""
    chain: list[ParsedWhy] = []
    for line in lines:
        if _is_question(line):
            why = _split(line)
            if chain:
                chain[-1].children.append(why)
            chain.append(why)
        elif chain:
            last = chain[-1]
            last.answer = f"{last.answer}\n{_ANSWER.sub('', line)}".strip()
    return chain[:1]


def _own_text(block: Block, nested: list[Block]) -> str:
    """The item's text without the nested questions that become its children."""
    taken = {line.number for inner in nested for line in inner.lines}
    kept = Block([line for line in block.lines if line.number not in taken], item=block.item)
    while kept.lines and kept.lines[-1].blank:
        kept.lines.pop()
    return kept.text


def _split(text: str) -> ParsedWhy:
    text = text.strip()
    lead, _, below = text.partition("\n")
    found = re.match(r"([\s*_]*[^?\n]{3,400}\?+[*_]*)\s*(.*)$", lead, re.S)
    if found is not None:
        question, answer = found[1], found[2]
    elif (label := _LABEL.match(lead.lstrip("*_ "))) is not None and len(lead.lstrip("*_ ")) > label.end():
        offset = len(lead) - len(lead.lstrip("*_ ")) + label.end()
        question, answer = lead[:offset].strip(" :-–*_"), lead[offset:]
    elif (named := re.match(r"([^:\n]{3,300}):\s+(\S.*)$", lead)) is not None:
        question, answer = named[1], named[2]
    else:
        question, answer = lead, ""
    below_texts = [item_of(Line(1, one)).text if item_of(Line(1, one)) else one.strip() for one in below.split("\n")]  # type: ignore[union-attr]
    more = "\n".join(below_texts).strip() if all(len(one) < 1000 for one in below_texts) else below
    answer = "\n".join(part for part in (_ANSWER.sub("", answer).strip(), _ANSWER.sub("", more).strip()) if part)
    return ParsedWhy(_ASKED.sub("", plain(question).strip(" *_")).strip(), answer.strip())


def _of_table(table: Table) -> list[ParsedWhy]:
    head = plain(" ".join(table.header.cells)).lower()
    if "why" not in head and "question" not in head:
        return []
    chain: list[ParsedWhy] = []
    for row in table.rows:
        cells = [cell for cell in row.cells if cell.strip()]
        if len(cells) < 2:
            continue
        question = plain(cells[0]) if not cells[0].strip(" #.").isdigit() or len(cells) == 2 else plain(cells[1])
        answer = "  \n".join(cells[1:] if question == plain(cells[0]) else cells[2:])
        if question.isdigit():
            question = f"Why {question}?"
        why = ParsedWhy(question, answer)
        if chain:
            chain[-1].children.append(why)
        chain.append(why)
    return chain[:1]
