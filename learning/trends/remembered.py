"""Counts, remembered for a short while by what they count: many readers of a page see the same."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

_Value = TypeVar("_Value")


class Remembered(Generic[_Value]):
    """At most `most` values in this process's memory, each for `seconds`; who asks meanwhile waits for the maker."""

    def __init__(self, seconds: float, most: int) -> None:
        self._seconds, self._most = seconds, most
        self._values: OrderedDict[Hashable, tuple[float, _Value]] = OrderedDict()
        self._making: dict[Hashable, Lock] = {}
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], _Value]) -> _Value:
        """The value under `key`, made now where it is not there or too old."""
        if (found := self._young(key)) is not None:
            return found[1]
        with self._lock:
            making = self._making.setdefault(key, Lock())
        with making:
            if (found := self._young(key)) is not None:
                return found[1]
            value = make()
            with self._lock:
                self._values[key] = (time.monotonic() + self._seconds, value)
                self._values.move_to_end(key)
                self._making.pop(key, None)
                while len(self._values) > self._most:
                    self._values.popitem(last=False)
            return value

    def _young(self, key: Hashable) -> tuple[float, _Value] | None:
        with self._lock:
            found = self._values.get(key)
        return found if found and found[0] > time.monotonic() else None
