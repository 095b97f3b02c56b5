"""Items that were merged into another one and are reopened: they have again what the merge moved.

The other one keeps it as well, for whoever reopens an item need not be somebody who may change that one.
"""

from collections.abc import Iterable
from typing import Any

from actions.models import ActionItem, ActionMerge


def give_back(reopened: Iterable[int]) -> None:
    """Connect the items with these keys as they were before they were merged. Eight queries, however many there are."""
    merges = ActionMerge.objects.filter(action__in=reopened)
    rows = list(merges)
    if not rows:
        return
    items: Any = ActionItem
    _connect(items.factors.through, "actionitem", "factor", {one.action_id: one.factors for one in rows})
    waits = items.waits_for.through
    _connect(waits, "from_actionitem", "to_actionitem", {one.action_id: one.waits_for for one in rows})
    _connect(waits, "to_actionitem", "from_actionitem", {one.action_id: one.holds_up for one in rows})
    merges.delete()


def _connect(through: Any, own: str, other: str, wanted: dict[int, list[int]]) -> None:
    keys = {key for some in wanted.values() for key in some}
    if not keys:
        return
    others = through._meta.get_field(other).related_model._default_manager
    there = set(others.filter(pk__in=keys).values_list("pk", flat=True))
    links = [
        through(**{f"{own}_id": item, f"{other}_id": key})
        for item, some in wanted.items()
        for key in some
        if key in there
    ]
    through._default_manager.bulk_create(links, ignore_conflicts=True)
