"""A comparison of two texts cut for reading: what changed with a little around it, long unchanged stretches folded."""

from collections.abc import Iterable
from dataclasses import dataclass

from reviews.word_diff import Change, word_changes

_AROUND_LINES = 2
_AROUND_CHARACTERS = 300
_WORTH_FOLDING = 200  # characters; less is shown

Line = list[Change]


@dataclass(frozen=True)
class Passage:
    """Lines in order; folded ones are the same in both texts."""

    lines: list[Line]
    is_folded: bool = False

    @property
    def words(self) -> int:
        """How many words it holds."""
        return sum(len(text.split()) for line in self.lines for _, text in line)

    @property
    def text(self) -> str:
        """The words of a folded passage."""
        return "\n".join("".join(text for _, text in line) for line in self.lines)


def passages_between(before: str, after: str) -> list[Passage]:
    """What turns `before` into `after`, for reading; nothing where they are the same."""
    return passages_of(word_changes(before, after)) if before != after else []


def passages_of(changes: Iterable[Change]) -> list[Passage]:
    """The changes as passages of lines."""
    passages: list[Passage] = []
    shown: list[Line] = []
    waiting: list[Line] = []  # unchanged lines, of which it is not known yet what stands below
    for line in _lines(changes):
        if all(how == "same" for how, _ in line):
            waiting.append(line)
            continue
        shown = _take(passages, shown, waiting, below=True)
        shown.append(line)
        waiting = []
    shown = _take(passages, shown, waiting, below=False)
    if shown:
        passages.append(Passage(shown))
    return passages


def _take(passages: list[Passage], shown: list[Line], waiting: list[Line], *, below: bool) -> list[Line]:
    """Adds the unchanged lines to what is shown, or folds their middle; returns what is shown after that."""
    above = bool(shown)
    start = _near(waiting) if above else 0
    end = len(waiting) - (_near(waiting[start:][::-1]) if below else 0)
    middle = waiting[start:end]
    if sum(_length(line) for line in middle) < _WORTH_FOLDING:
        return [*shown, *waiting]
    if shown or start:
        passages.append(Passage([*shown, *waiting[:start]]))
    passages.append(Passage(middle, is_folded=True))
    return waiting[end:]


def _near(lines: list[Line]) -> int:
    """How many lines next to a change are shown with it."""
    characters = 0
    for count, line in enumerate(lines[:_AROUND_LINES]):
        characters += _length(line)
        if characters > _AROUND_CHARACTERS:
            return count
    return min(len(lines), _AROUND_LINES)


def _length(line: Line) -> int:
    return sum(len(text) for _, text in line)


def _lines(changes: Iterable[Change]) -> list[Line]:
    """The changes line by line. A line end that came or went alone is shown as a mark."""
    lines: list[Line] = [[]]
    for how, text in changes:
        if how != "same" and not text.strip():
            text = text.replace("\n", "¶\n")
        first, *more = text.split("\n")
        if first:
            lines[-1].append((how, first))
        lines.extend([(how, following)] if following else [] for following in more)
    return lines
