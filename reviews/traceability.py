"""Which actions remove which contributing factors, as a matrix, and what is missing in it. Runs no query."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from reviews.anchors import first_words


@dataclass(frozen=True)
class Cell:
    """Where the row of a factor meets the column of an action."""

    column: "Column"
    removes: bool


@dataclass(frozen=True)
class Column:
    """An action; `removes` says whether it removes any factor."""

    key: int
    title: str
    removes: bool


@dataclass(frozen=True)
class Row:
    """A factor with a cell for each action."""

    key: int
    text: str
    cells: list[Cell]

    @property
    def is_removed(self) -> bool:
        """Whether any action removes it."""
        return any(cell.removes for cell in self.cells)


@dataclass(frozen=True)
class Matrix:
    """Factors by actions, in the order in which both stand in the review."""

    rows: list[Row]
    columns: list[Column]

    def __bool__(self) -> bool:
        return bool(self.rows and self.columns)

    @property
    def uncovered(self) -> list[Row]:
        """The factors that no action removes."""
        return [row for row in self.rows if not row.is_removed]

    @property
    def idle(self) -> list[Column]:
        """The actions that remove no factor."""
        return [column for column in self.columns if not column.removes]

    @property
    def words(self) -> str:
        """How far the actions go, in a sentence."""
        factors, idle = len(self.uncovered), len(self.idle)
        if not factors and not idle:
            return "Every factor is removed by an action, and every action removes a factor."
        left = (
            "Every factor is removed by an action"
            if not factors
            else f"{_counted(factors, 'factor is', 'factors are')} removed by no action"
        )
        waste = (
            "every action removes a factor"
            if not idle
            else f"{_counted(idle, 'action removes', 'actions remove')} no factor"
        )
        return f"{left}; {waste}."


def matrix_of(factors: Iterable[tuple[int, str, Collection[int]]], actions: Sequence[tuple[int, str]]) -> Matrix:
    """The matrix of `factors` (key, text, keys of the actions that remove it) and `actions` (key, title).

    Keys of actions that are not among `actions` are passed over.
    """
    factors = list(factors)
    removing = {key for _, _, keys in factors for key in keys}
    columns = [Column(key, title, key in removing) for key, title in actions]
    rows = []
    for key, text, keys in factors:
        held = set(keys)
        rows.append(Row(key, text, [Cell(column, column.key in held) for column in columns]))
    return Matrix(rows, columns)


def matrix_of_document(document: dict[str, Any]) -> Matrix:
    """The matrix of a published version (its shape is reviews.snapshot)."""
    return matrix_of(
        [(one["id"], first_words(one["text"], one["html"]), one["actions"]) for one in document["factors"]],
        [(one["id"], one["title"]) for one in document["actions"]],
    )


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
