"""Positions that stay with a character of a live text, whatever is typed around it.

A position is kept as Yjs keeps it: the id of a character, a client and a clock that counts UTF-16 units. pycrdt counts
bytes where it makes such an id out of an index, and adds units to bytes where it reads one. Both are right at the
beginning of a stretch that was typed as one, and wrong within it after a character that is more than ASCII; the
stretches say by how much.
"""

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from pycrdt import Assoc, Doc, StickyIndex, Text

from reviews.live.blocks import Block, blocks_of


@dataclass(frozen=True)
class Found:
    """The index of a character in the present text; where it was deleted, the index at which it stood."""

    at: int
    is_there: bool


class Positions:
    """The positions of one text of a document that does not change meanwhile."""

    def __init__(self, doc: Doc, place: str) -> None:
        self._doc = doc
        self._text = doc.get(place, type=Text)
        self.said = str(self._text)
        self._bytes = self.said.encode()

    def pin(self, at: int) -> bytes:
        """The position of the character at the index `at`. Raises ValueError where the text is none."""
        index = len(self.said[:at].encode())
        client, clock = _id(self._text.sticky_index(index, Assoc.AFTER))
        for block in [] if self.said.isascii() else reversed(self._blocks_until(client, clock)):
            begins = self._resolved(client, block.clock, Assoc.AFTER)
            if begins + clock - block.clock == index and index < begins + len(block.text.encode()):
                clock = block.clock + _units(self._bytes[begins:index].decode())
                break
        return self._position(client, clock, Assoc.AFTER).encode()

    def find(self, position: bytes) -> Found | None:
        """Where that character is now; None where this text never had it."""
        client, clock = _id(StickyIndex.decode(position, self._text))
        try:
            index = self._resolved(client, clock, Assoc.AFTER)
            is_there = self._resolved(client, clock, Assoc.BEFORE) > index
        except BaseException as problem:
            if type(problem).__name__ != "PanicException":  # how pycrdt says that it does not know the id
                raise
            return None
        if is_there and not self.said.isascii():
            block = self._blocks_until(client, clock)[-1]
            before = clock - block.clock
            index += len(_first_units(block.text, before).encode()) - before
        return Found(len(self._bytes[:index].decode()), is_there)

    @cached_property
    def _blocks(self) -> dict[int, list[Block]]:
        return blocks_of(self._doc.get_update())

    def _blocks_until(self, client: int, clock: int) -> list[Block]:
        blocks = self._blocks[client]
        return blocks[: bisect_right(blocks, clock, key=lambda block: block.clock)]

    def _resolved(self, client: int, clock: int, assoc: Assoc) -> int:
        return self._position(client, clock, assoc).get_index()

    def _position(self, client: int, clock: int, assoc: Assoc) -> StickyIndex:
        return StickyIndex.from_json({"item": {"client": client, "clock": clock}, "assoc": assoc.value}, self._text)


def _id(position: StickyIndex) -> tuple[int, int]:
    item = position.to_json()["item"]
    return item["client"], item["clock"]


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _first_units(text: str, units: int) -> str:
    return text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore")
