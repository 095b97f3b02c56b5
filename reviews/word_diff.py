"""How two texts differ, word by word."""

import re
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher

Change = tuple[str, str]  # ("same" | "removed" | "added", text)

_LINE = re.compile(r"[^\n]*\n(?:[^\S\n]*\n)*|[^\n]+")  # with the empty lines below it
_PIECE = re.compile(r"\s+|\w+|[^\w\s]")
_MOST_PAIRS = 120_000  # of equal words; the comparison takes time that grows with their number
_MOST_LINES = 12_000
_ISLAND = 3  # so few equal words between two changes are read as part of the change


def word_changes(before: str, after: str) -> list[Change]:
    """What turns `before` into `after`: ("same" | "removed" | "added", text) in order.

    Lines that stand in both texts are matched first, words only between them: so a paragraph that was moved is
    removed in one place and added in another, and long texts are compared quickly. Where there is too much to
    compare, it is told as removed and added as a whole.
    """
    head, tail = _shared_ends(before, after)
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    changes = [("same", before[:head]), *_by_lines(old, new), ("same", before[len(before) - tail :])]
    return _from_word_to_word(_joined(_without_islands(_joined(changes))))


def amount_changed(before: str, after: str) -> tuple[int, int]:
    """How many words came and how many went, wherever they stand. Cheap for texts of any length."""
    old, new = Counter(before.split()), Counter(after.split())
    return (new - old).total(), (old - new).total()


def _shared_ends(before: str, after: str) -> tuple[int, int]:
    """How many characters both begin and end with, in whole lines."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    most = min(len(old), len(new))
    first = next((n for n in range(most) if old[n] != new[n]), most)
    last = next((n for n in range(most - first) if old[-1 - n] != new[-1 - n]), most - first)
    return sum(map(len, old[:first])), sum(map(len, old[len(old) - last :]))


def _by_lines(before: str, after: str) -> Iterator[Change]:
    old, new = _LINE.findall(before), _LINE.findall(after)
    if len(old) + len(new) > _MOST_LINES:
        yield from _whole(before, after)
        return
    for name, i, j, k, m in SequenceMatcher(None, old, new).get_opcodes():
        if name == "equal":
            yield "same", "".join(old[i:j])
        else:
            yield from _by_words("".join(old[i:j]), "".join(new[k:m]))


def _by_words(before: str, after: str) -> Iterator[Change]:
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    counts = Counter(new)
    if sum(counts[piece] for piece in old if not piece.isspace()) > _MOST_PAIRS:
        yield from _whole(before, after)
        return
    # Spaces alone are no reason to match: between two changed words they would cut the change into pieces.
    for name, i, j, k, m in SequenceMatcher(str.isspace, old, new, autojunk=False).get_opcodes():
        if name == "equal":
            yield "same", "".join(old[i:j])
        else:
            yield from _whole("".join(old[i:j]), "".join(new[k:m]))


def _whole(before: str, after: str) -> Iterator[Change]:
    yield "removed", before
    yield "added", after


def _without_islands(changes: list[Change]) -> Iterator[Change]:
    """Takes few equal words that stand between larger changes for changed: "the" is no place to rest the eye."""
    for n, (how, text) in enumerate(changes):
        if how == "same" and 0 < n < len(changes) - 1 and _is_island(text, changes, n):
            yield "removed", text
            yield "added", text
        else:
            yield how, text


def _is_island(text: str, changes: list[Change], n: int) -> bool:
    if "\n" in text or len(text.split()) > _ISLAND:
        return False
    return len(text) <= min(_size(changes[:n][::-1][:2]), _size(changes[n + 1 : n + 3]))


def _size(near: list[Change]) -> int:
    """How long the change is that begins this list: a removal, an addition, or both."""
    size = 0
    for how, text in near:
        if how == "same":
            break
        size = max(size, len(text))
    return size


def _from_word_to_word(changes: list[Change]) -> list[Change]:
    """Of " very" put between "was" and " slow" makes "very " before "slow": changes begin with a word."""
    told = list(changes)
    for n in range(1, len(told) - 1):
        (before, head), (how, text), (after, tail) = told[n - 1 : n + 2]
        if before == after == "same" != how and text[0] == tail[0] == " ":
            told[n - 1 : n + 2] = [("same", head + " "), (how, text[1:] + " "), ("same", tail[1:])]
    return [(how, text) for how, text in told if text]


def _joined(changes: "Iterator[Change] | list[Change]") -> list[Change]:
    """Neighbours of one kind as one; of a change, what was removed stands before what was added."""
    joined: list[Change] = []
    removed, added = "", ""
    for how, text in [*changes, ("same", "")]:
        if how == "removed":
            removed += text
        elif how == "added":
            added += text
        elif text or not changes:
            for one in [*_told(removed, added), ("same", text)]:
                if one[0] == "same" and joined and joined[-1][0] == "same":
                    joined[-1] = ("same", joined[-1][1] + one[1])
                elif one[1]:
                    joined.append(one)
            removed, added = "", ""
    return joined + _told(removed, added)


def _told(removed: str, added: str) -> list[Change]:
    """The change without the spaces at its ends that did not change."""
    head = _same_spaces(removed, added)
    first, removed, added = removed[:head], removed[head:], added[head:]
    tail = _same_spaces(removed[::-1], added[::-1])
    last = removed[len(removed) - tail :]
    removed, added = removed[: len(removed) - tail], added[: len(added) - tail]
    told = (("same", first), ("removed", removed), ("added", added), ("same", last))
    return [(how, text) for how, text in told if text]


def _same_spaces(one: str, other: str) -> int:
    most = min(len(one), len(other))
    return next((n for n in range(most) if one[n] != other[n] or not one[n].isspace()), most)
