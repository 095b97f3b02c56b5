"""Rendered text, kept by everything that it says: it can be forgotten, but never be out of date."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from threading import Lock


class Kept:
    """Texts in this process's memory, at most `characters` with their keys; those not asked for longest go first."""

    def __init__(self, characters: int) -> None:
        self._most = characters
        self._held = 0
        self._texts: OrderedDict[Hashable, Sequence[str]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Sequence[str]]) -> Sequence[str]:
        """The pieces kept under `key`, or made now. `key` must hold every value that `make` reads."""
        with self._lock:
            if (found := self._texts.get(key)) is not None:
                self._texts.move_to_end(key)
                return found
        made = make()
        with self._lock:
            if key not in self._texts:
                self._texts[key] = made
                self._held += _length(key, made)
            while self._held > self._most:
                self._held -= _length(*self._texts.popitem(last=False))
        return made


def _length(key: Hashable, pieces: Sequence[str]) -> int:
    return len(repr(key)) + sum(len(piece) for piece in pieces)
