"""What the language rules said about a text, kept in this process's memory: most texts are checked again unchanged."""

from collections import OrderedDict
from collections.abc import Hashable
from hashlib import blake2b
from threading import Lock

from reviews.checker.findings import Finding
from reviews.checker.language import check_text
from reviews.checker.rulebook import RuleBook

_MOST = 4096
_kept: OrderedDict[Hashable, tuple[Finding, ...]] = OrderedDict()
_lock = Lock()


def language_findings(text: str, rules: RuleBook, people: tuple[str, ...]) -> tuple[Finding, ...]:
    """The findings of `check_text`, kept under everything that they depend on."""
    key = (blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest(), rules, people)
    with _lock:
        if (found := _kept.get(key)) is not None:
            _kept.move_to_end(key)
            return found
    made = tuple(check_text(text, rules, people))
    with _lock:
        _kept[key] = made
        while len(_kept) > _MOST:
            _kept.popitem(last=False)
    return made
