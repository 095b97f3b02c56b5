"""What somebody saw of an action item before they changed it, as a form brings it back.

"12.open.2026-12-01.3f9a10c2.7": key, status, due date, owner and team. The owner is told as a digest, since not
everyone who may change an item may know by name whose it is.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Self

from django.utils.crypto import salted_hmac

from actions.models import ActionItem
from core.text import whole_number

_WRITTEN = re.compile(r"(\d{1,18})\.([a-z-]{0,12})\.([\d-]{0,10})\.([0-9a-f]{0,10})\.(\d{0,18})", re.ASCII)
_DIGEST = 10


@dataclass(frozen=True)
class Seen:
    """An item's key, and its values as texts; a value that is None was not seen and is expected to be anything."""

    pk: int
    status: str | None = None
    due: str | None = None
    owner: str | None = None
    team: str | None = None

    @classmethod
    def of(cls, action: ActionItem) -> Self:
        """As the item stands now."""
        return cls.of_values(action.pk, action.status, action.due, action.owner_id, action.team_id)

    @classmethod
    def of_values(cls, pk: int, status: str, due: date | None, owner: int | None, team: int | None) -> Self:
        """An item of which no more is known than these; owner and team by their keys."""
        return cls(pk, status, due.isoformat() if due else "", _digest(pk, owner), str(team or ""))

    @classmethod
    def read(cls, written: str) -> Self | None:
        """What a form brings back; a key alone expects nothing. None for what no form of ours says."""
        if found := _WRITTEN.fullmatch(written):
            return cls(int(found[1]), *found.groups()[1:])
        key = whole_number(written)
        return None if key is None else cls(key)

    @property
    def written(self) -> str:
        """For a form."""
        return f"{self.pk}.{self.status}.{self.due}.{self.owner}.{self.team}"

    def differs(self, action: ActionItem, fields: Iterable[str]) -> list[str]:
        """Those of `fields` that are not as they were seen."""
        now = Seen.of(action)
        return [name for name in fields if getattr(self, name) not in (None, getattr(now, name))]


def _digest(pk: int, owner: int | None) -> str:
    return "" if owner is None else salted_hmac("actions.seen", f"{pk} {owner}").hexdigest()[:_DIGEST]
