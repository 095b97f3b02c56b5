"""What a rule found in a sentence, and how rules are asked."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from .sentences import Sentence


class Hit(NamedTuple):
    """The words from `first` to `last` of a sentence; `say` is the entry of lexicon/says.yaml."""

    rule: str
    first: int
    last: int
    say: str


# A rule looks at one word that it was woken by, and around it.
Look = Callable[[Sentence, int], Hit | None]


def woken_by(looks: Iterable[tuple[Iterable[str], Look]]) -> dict[str, tuple[Look, ...]]:
    """For each word, the looks that it wakes."""
    found: dict[str, tuple[Look, ...]] = {}
    for wakers, look in looks:
        for word in wakers:
            found[word] = (*found.get(word, ()), look)
    return found
