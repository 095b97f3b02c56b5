"""Contributing factors from the sections on causes."""

from __future__ import annotations

from dataclasses import dataclass, field

from reviews.importing.blocks import cut
from reviews.importing.document import ParsedFactor
from reviews.importing.lines import Line, joined
from reviews.importing.plain import plain

_LONGEST = 3000
_NOTHING = {"n/a", "none", "unknown", "tbd", "tba", "na", "-", "?", "to be determined", "todo"}


@dataclass
class FactorReading:
    """The factors of one section, and the lines that are none."""

    factors: list[ParsedFactor] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def read_factors(lines: list[Line], *, listed: bool) -> FactorReading:
    """Items as factors, one each. A `listed` section names several; another is one account, whole when it is prose."""
    reading = FactorReading()
    blocks = cut(lines)
    items = [block for block in blocks if block.item is not None]
    prose = [block for block in blocks if block.item is None]
    whole = joined([line.text for line in lines])
    if plain(whole).strip(" .").lower() in _NOTHING or not whole:
        reading.left = [line.text for line in lines]
    elif items and (listed or not prose or (len(prose) == 1 and prose[0] is blocks[0] and len(prose[0].text) < 200)):
        for block in blocks:
            words = plain(block.lead).strip(" .").lower()
            if block.item is not None and words and words not in _NOTHING:
                reading.factors.append(ParsedFactor(block.text))
            else:
                reading.left += ["", *(line.text for line in block.lines)]
    elif listed and not any(block.table or any(line.opaque for line in block.lines) for block in blocks):
        reading.factors = [ParsedFactor(block.text) for block in blocks]
    elif len(whole) <= _LONGEST:
        reading.factors = [ParsedFactor(whole)]
    else:
        reading.left = [line.text for line in lines]
        if prose:
            reading.factors = [ParsedFactor(prose[0].text[:_LONGEST])]
    return reading
