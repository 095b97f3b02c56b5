"""Rows in an order that people choose: each has a `position`."""

from typing import Any

from django.core.exceptions import ValidationError


def renumber(rows: list[Any]) -> None:
    """Let the rows of one table stand in the order of the list."""
    for position, row in enumerate(rows, 1):
        row.position = position
    type(rows[0])._default_manager.bulk_update(rows, ["position"])


def swap_places(rows: list[Any], row: Any, direction: str) -> None:
    """Move `row` one place "up" or "down" among `rows`, which stand in order. ValidationError where there is none."""
    place = rows.index(row)
    other = place + {"up": -1, "down": 1}[direction]
    if not 0 <= other < len(rows):
        raise ValidationError(f"It cannot move further {direction}.")
    rows[place], rows[other] = rows[other], rows[place]
    renumber(rows)
