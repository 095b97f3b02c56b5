"""The page about each rule, from docs/rules/: why it looks for that, an example, a better wording, and the source."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.markdown import render

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "rules"
HEADINGS = ("Why", "Example", "Better wording", "Source")
_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class RulePart:
    """What stands below one heading, as safe HTML."""

    title: str
    html: str


@cache
def parts_of(code: str) -> tuple[RulePart, ...]:
    """The parts of the page about the rule `code`, read and rendered once."""
    _, *said = _HEADING.split((FOLDER / f"{code}.md").read_text("utf-8"))
    return tuple(RulePart(title, render(text.strip())) for title, text in zip(said[::2], said[1::2], strict=True))
