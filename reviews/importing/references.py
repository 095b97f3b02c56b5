"""Links by reference: a text that is cut into parts takes its definitions along."""

from __future__ import annotations

import re
from collections.abc import Iterable

from reviews.importing.document import ParsedReview
from reviews.importing.lines import Line
from reviews.importing.whys import every_why

_DEFINITION = re.compile(r" {0,3}\[([^\[\]]{1,200})\]:\s+<?(\S{1,2000}?)>?(?:\s+[\"'(].*)?\s*$")
_USE = re.compile(r"\[([^\[\]]{1,200})\](?!\()(?!:\s*<?(?:https?:|/|#|\.))")
_MOST = 1000


def definitions_in(lines: Iterable[Line]) -> dict[str, str]:
    """The address of each label that a line such as "[guide]: https://..." defines."""
    found: dict[str, str] = {}
    for line in lines:
        match = None if line.opaque or len(line.text) > 2500 else _DEFINITION.match(line.text)
        if match is not None and len(found) < _MOST:
            found.setdefault(match[1].strip().lower(), match[2])
    return found


def carry_along(review: ParsedReview, definitions: dict[str, str]) -> None:
    """Append to each part of the review the definitions that it uses and lacks."""
    if not definitions:
        return
    for kind, text in review.sections.items():
        review.sections[kind] = _completed(text, definitions)
    for event in review.events:
        event.text = _completed(event.text, definitions)
    for factor in review.factors:
        factor.text = _completed(factor.text, definitions)
    for why in every_why(review.whys):
        why.answer = _completed(why.answer, definitions)
    for action in review.actions:
        action.details = _completed(action.details, definitions)
        used = [definitions[label] for label in _labels(action.title) if label in definitions]
        if used and not action.tracker_url and used[0].startswith(("http://", "https://")):
            action.tracker_url = used[0]


def _labels(text: str) -> list[str]:
    return [match[1].strip().lower() for match in _USE.finditer(text)]


def _completed(text: str, definitions: dict[str, str]) -> str:
    if "[" not in text:
        return text
    lacking = dict.fromkeys(
        label for label in _labels(text) if label in definitions and f"[{label}]:" not in text.lower()
    )
    added = [f"[{label}]: {definitions[label]}" for label in lacking]
    return "\n".join([text, "", *added]) if added else text
