"""What the publish page says of names: who is written as which role, and what becomes of each name in the texts."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from reviews.naming.finding import ADDRESS
from reviews.naming.next_version import NextVersion
from reviews.naming.people import NamedRow
from reviews.naming.writing import SOMEBODY, Passage, Tally

_SHOWN = 12


@dataclass(frozen=True)
class Typed:
    """What was sent and refused: role and tick by the key of a row, messages likewise, and the new name."""

    roles: Mapping[str, str] = field(default_factory=dict)
    everywhere: frozenset[str] = frozenset()
    errors: Mapping[str, list[str]] = field(default_factory=dict)
    new_name: str = ""
    new_role: str = ""


@dataclass(frozen=True)
class PreviewRow:
    """One name: the role, and its passages. `may_be_other` are words that may be no name, left unless ticked."""

    key: str
    name: str
    role: str
    everywhere: bool
    is_left: bool
    is_by_hand: bool
    errors: list[str]
    replaced: int
    left: int
    passages: list[Passage]
    may_be_other: list[Passage]
    in_links: list[Passage]


@dataclass(frozen=True)
class Shared:
    """A name that could be that of several people, and what stands instead."""

    names: list[str]
    tally: Tally
    instead: str = SOMEBODY


@dataclass(frozen=True)
class Preview:
    """The whole of it; without rows while the switch is off."""

    is_on: bool
    rows: list[PreviewRow]
    shared: list[Shared]
    new_name: str = ""
    new_role: str = ""
    new_errors: list[str] = field(default_factory=list)

    @property
    def errors(self) -> bool:
        """Whether anything was refused."""
        return bool(self.new_errors) or any(row.errors for row in self.rows)


def preview_of(next_version: NextVersion, typed: Typed | None = None) -> Preview:
    """What `next_version` does with names, and what was typed. Runs no query."""
    typed = typed or Typed()
    naming = next_version.naming
    if naming is None:
        return Preview(False, [], [])
    tallies = {one.person or one.name: tally for one, tally in zip(naming.people, naming.tallies, strict=True)}
    shared = [Shared([naming.people[n].shown for n in who], tally) for who, tally in naming.ambiguous.items()]
    known = {row.key for row in next_version.rows}
    new_errors = [said for key, messages in typed.errors.items() if key not in known for said in messages]
    rows = [_row(row, tallies.get(row.named.person or row.named.name, Tally()), typed) for row in next_version.rows]
    return Preview(True, rows, shared, typed.new_name, typed.new_role, new_errors)


def _row(row: NamedRow, tally: Tally, typed: Typed) -> PreviewRow:
    key, named = row.key, row.named
    return PreviewRow(
        key=key,
        name=named.shown,
        role=typed.roles.get(key, named.role),
        everywhere=key in typed.everywhere if typed.roles else named.everywhere,
        is_left=row.is_left,
        is_by_hand=row.is_by_hand,
        errors=list(typed.errors.get(key, [])),
        replaced=tally.replaced,
        left=tally.left,
        passages=tally.passages[:_SHOWN],
        may_be_other=[one for one in tally.doubtful if one.doubt != ADDRESS][:_SHOWN],
        in_links=[one for one in tally.doubtful if one.doubt == ADDRESS][:_SHOWN],
    )
