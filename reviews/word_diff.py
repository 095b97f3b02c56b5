"""How two texts differ, word by word."""

import re
from difflib import SequenceMatcher

_WORD = re.compile(r"\s+|[^\s]+")
_MOST_WORDS = 6000
_MOST_LINES = 20_000


def word_changes(before: str, after: str) -> list[tuple[str, str]]:
    """What turns `before` into `after`: ("same" | "removed" | "added", text) in order.

    Texts of more than some thousand words are compared line by line, and very long ones not at all: the comparison
    takes time that grows with the square of their length.
    """
    old, new = _WORD.findall(before), _WORD.findall(after)
    by_lines = len(old) + len(new) > _MOST_WORDS
    if by_lines:
        old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    if len(old) + len(new) > _MOST_LINES:
        return [("removed", before), ("added", after)]
    changes: list[tuple[str, str]] = []
    for name, i, j, k, m in SequenceMatcher(None, old, new, autojunk=by_lines).get_opcodes():
        if name == "equal":
            changes.append(("same", "".join(old[i:j])))
            continue
        if i < j:
            changes.append(("removed", "".join(old[i:j])))
        if k < m:
            changes.append(("added", "".join(new[k:m])))
    return changes
