"""The names that are looked for in a text, and how each of them may be written."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_MARKS = rf"[\u0300-\u036f{INVISIBLE}]"
WORD = re.compile(rf"[^\W_](?:[^\W_]|{_MARKS}|['’](?=[^\W_]))*")
_POSSESSIVE = re.compile(r"['’][sS]\Z")
_ASIDE = re.compile(r"[(<\[].*\Z", re.DOTALL)
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w.-]{1,255}")
_JOINERS = frozenset(
    [
        "van", "von", "der", "den", "de", "del", "della", "di", "da", "dos", "du", "la", "le", "el", "al", "bin",
        "ibn", "ten", "ter", "zu", "af", "av", "y", "e", "und", "the", "of",
    ]
)  # fmt: skip
_HAS_NO_SPACES = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")


@cache
def ordinary_words() -> frozenset[str]:
    """Words that are names as well, such as Will, Mark and May, and things that bear names, such as Ruby."""
    return frozenset((Path(__file__).parent / "ordinary.txt").read_text().split())


def key_of(word: str) -> str:
    """`word` for comparing: without case, accents and invisible characters."""
    if word.isascii():
        return word.lower().replace("’", "'")
    folded = unicodedata.normalize("NFKD", word.replace("’", "'")).casefold()
    return "".join(sign for sign in folded if not unicodedata.combining(sign) and sign not in INVISIBLE)


def without_possessive(word: str) -> str:
    """ "Ada" for "Ada’s"."""
    return _POSSESSIVE.sub("", word)


def is_ordinary(key: str) -> bool:
    """Whether the word alone could well be another one."""
    return len(key) <= 2 or key in ordinary_words()


@dataclass(frozen=True)
class Named:
    """Somebody whose name is looked for: by the name, the username, the address of the mailbox, or parts of them.

    `role` stands in the place of the name; empty where nothing does.
    """

    name: str
    role: str = ""
    username: str = ""
    email: str = ""
    everywhere: bool = False
    person: int | None = None

    @property
    def shown(self) -> str:
        """How people call them."""
        return self.name or self.username

    @cached_property
    def written(self) -> str:
        """The name alone: without what stands in brackets behind it, or an @ before."""
        return " ".join(_ASIDE.sub("", self.name).split()).removeprefix("@") or self.name.strip()

    @cached_property
    def words(self) -> list[str]:
        """The words of the name, as keys."""
        return [key_of(found[0]) for found in WORD.finditer(self.written)]

    @cached_property
    def own_words(self) -> list[str]:
        """Its words without "van", "de" and the like; all, where there are no others."""
        return [word for word in self.words if word not in _JOINERS] or self.words

    @cached_property
    def mailboxes(self) -> list[str]:
        """Addresses of mail in lower case, those in the name as well."""
        return [address.lower() for address in [self.email, *_MAIL.findall(self.name)] if address]

    @cached_property
    def handles(self) -> list[str]:
        """What stands before the @ of an address of mail, or alone in a log."""
        words = self.own_words
        made = [sign.join((words[0], words[-1])) for sign in (".", "_", "-", "")] if len(words) > 1 else []
        boxes = [address.partition("@")[0] for address in self.mailboxes]
        return [one for one in dict.fromkeys([self.username.lower(), *boxes, *made]) if len(one) > 1]


@dataclass
class Book:
    """Many names, ready to be found. People are numbered in their order."""

    people: list[Named]
    by_word: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    by_initial: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    by_handle: dict[str, int] = field(default_factory=dict)
    by_username: dict[str, int] = field(default_factory=dict)
    by_mailbox: dict[str, int] = field(default_factory=dict)
    unspaced: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, people: Iterable[Named]) -> "Book":
        """The book of these people; of two who claim the same handle the first has it."""
        book = cls(list(people))
        for number, one in enumerate(book.people):
            for word in dict.fromkeys(one.own_words):
                book.by_word[word].append(number)
                book.by_initial[word[0]].append(number)
            if one.username:
                book.by_username.setdefault(one.username.lower(), number)
            for address in one.mailboxes:
                book.by_mailbox.setdefault(address, number)
            if len(one.written) > 1 and _HAS_NO_SPACES.search(one.written):
                book.unspaced.setdefault(one.written, number)
        for number, one in enumerate(book.people):
            for handle in one.handles:
                book.by_handle.setdefault(handle, number)
            if one.name.strip().startswith("@"):
                book.by_username.setdefault(one.written.lower(), number)
        return book

    @cached_property
    def unspaced_names(self) -> re.Pattern[str] | None:
        """Names in scripts that put no spaces between words."""
        names = sorted(self.unspaced, key=len, reverse=True)
        return re.compile("|".join(map(re.escape, names))) if names else None
