"""A Yjs document as the server holds it: its texts, and the smallest edits that make one text of another."""

import re
import secrets
from collections.abc import Iterable
from difflib import SequenceMatcher

from pycrdt import Doc, Text

from core.text import storable

_WORD = re.compile(r"\w+|\s+|[^\w\s]")
_MOST_PIECES = 6000  # comparing takes time that grows with the square; beyond, by lines, then as a whole


def document_from(updates: Iterable[bytes]) -> Doc:
    """The document that the updates make, in whatever order."""
    # Yjs draws 32 bits; pycrdt would draw 53.
    doc: Doc = Doc(client_id=secrets.randbits(32))
    for update in updates:
        doc.apply_update(bytes(update))
    return doc


def text_at(doc: Doc, place: str) -> str | None:
    """The text of a place as rows hold it (no NUL), or None where the document does not know the place."""
    return storable(str(doc.get(place, type=Text))) if place in doc.keys() else None  # noqa: SIM118


def set_text(doc: Doc, place: str, wanted: str) -> bytes:
    """Make the text of `place` read `wanted` by edits as small as can be told, so that what others type at the same
    time and what is anchored in it stays. Returns the update.
    """
    before = doc.get_state()
    text = doc.get(place, type=Text)
    with doc.transaction():
        for start, end, words in reversed(_edits(str(text), wanted)):
            if end > start:
                del text[start:end]
            if words:
                text.insert(start, words)
    return doc.get_update(before)


def _edits(old: str, new: str) -> list[tuple[int, int, str]]:
    """(start, end, words) in order: replace bytes start to end of the UTF-8 of `old` by `words`."""
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    inner_old, inner_new = old[head : len(old) - tail], new[head : len(new) - tail]
    a, b = _WORD.findall(inner_old), _WORD.findall(inner_new)
    if len(a) + len(b) > _MOST_PIECES:
        a, b = inner_old.splitlines(keepends=True), inner_new.splitlines(keepends=True)
    if len(a) + len(b) > _MOST_PIECES:
        a, b = [inner_old], [inner_new]
    edits, offset = [], len(old[:head].encode())
    for name, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        length = len("".join(a[i:j]).encode())
        if name != "equal":
            edits.append((offset, offset + length, "".join(b[k:m])))
        offset += length
    return edits


def _common(one: str, other: str) -> int:
    """How many characters both begin with."""
    most = min(len(one), len(other))
    if one[:most] == other[:most]:
        return most
    low, high = 0, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if one[:middle] == other[:middle] else (low, middle)
    return low
