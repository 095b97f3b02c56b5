"""The filters of a query as a page shows them (templates/chips.html)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Chip:
    """A filter; `url` is the page without it, `turned` the one in which it means the opposite."""

    kind: str
    label: str
    negated: bool
    url: str
    turned: str
