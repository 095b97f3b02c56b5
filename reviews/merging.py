"""Bringing together what two people made of the same text."""

from dataclasses import dataclass

from pycrdt import Doc, Text

from reviews.word_diff import word_changes

Edit = tuple[int, int, str]  # (start, end, words): replace bytes start to end of the UTF-8 by words

_THEIRS, _MINE = 1, 2  # of two that write at one place, the lower client comes first


@dataclass(frozen=True)
class Merge:
    """A text with the changes of both in it; `clashes` counts the places where both changed the same words."""

    text: str
    clashes: int


def merged(base: str | None, theirs: str, mine: str) -> Merge:
    """What both make of `base`, word by word, as if they had typed it at the same time in one document.

    What both changed alike is taken once. What one deleted and the other kept is gone; what either wrote is there.
    Where `base` is not known, all that stands in either text is kept.
    """
    theirs, mine = _lines(theirs), _lines(mine)
    if base is None:
        return _all_of(theirs, mine)
    base = _lines(base)
    if theirs in (mine, base):
        return Merge(mine, 0)
    if mine == base:
        return Merge(theirs, 0)
    alike = set(_edits(base, theirs)) & set(_edits(base, mine))
    base = _applied(base, sorted(alike))
    their_edits, my_edits = _edits(base, theirs), _edits(base, mine)
    clashes = [edit for edit in my_edits if any(_touch(edit, other) for other in their_edits)]
    spaced = [_spaced(edit, their_edits) for edit in my_edits]
    return Merge(_typed_together(base, their_edits, spaced), len(clashes))


def _edits(before: str, after: str) -> list[Edit]:
    edits: list[Edit] = []
    at = 0
    for how, text in word_changes(before, after):
        length = len(text.encode())
        if how == "added":
            # A removal stands right before the words that take its place.
            replaces = bool(edits) and edits[-1][1] == at and not edits[-1][2]
            start = edits.pop()[0] if replaces else at
            edits.append((start, at, text))
            continue
        if how == "removed":
            edits.append((at, at + length, ""))
        at += length
    return edits


def _typed_together(base: str, theirs: list[Edit], mine: list[Edit]) -> str:
    start: Doc = Doc(client_id=0)
    start["text"] = Text(base)
    state = start.get_update()
    together: Doc = Doc()
    together.apply_update(state)
    for client, edits in ((_THEIRS, theirs), (_MINE, mine)):
        doc: Doc = Doc(client_id=client)
        doc.apply_update(state)
        text = doc.get("text", type=Text)
        for first, last, words in reversed(edits):
            if last > first:
                del text[first:last]
            if words:
                text.insert(first, words)
        together.apply_update(doc.get_update())
    return str(together.get("text", type=Text))


def _touch(one: Edit, other: Edit) -> bool:
    """Whether both change the same words, or write at the same place."""
    return one[0] == other[0] or (one[0] < other[1] and other[0] < one[1])


def _spaced(edit: Edit, others: list[Edit]) -> Edit:
    """The edit with a space before its words where they would run into the other's."""
    start, end, words = edit
    for place, _, before in others:
        if place == start and _run_together(before, words):
            return start, end, f" {words}"
    return edit


def _applied(text: str, edits: list[Edit]) -> str:
    encoded = text.encode()
    for start, end, words in reversed(edits):
        encoded = encoded[:start] + words.encode() + encoded[end:]
    return encoded.decode()


def _all_of(theirs: str, mine: str) -> Merge:
    """Every word of both, theirs first where they differ."""
    text, clashes, last = "", 0, ""
    for how, words in word_changes(theirs, mine):
        if (last, how) == ("removed", "added"):
            clashes += 1
            words = f" {words}" if _run_together(text, words) else words
        text, last = text + words, how
    return Merge(text, clashes)


def _run_together(before: str, after: str) -> bool:
    return before[-1:].isalnum() and after[:1].isalnum()


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
