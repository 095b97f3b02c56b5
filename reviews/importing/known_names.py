"""Services that are known by name, found in a text that states none: in its title, or more than once where it tells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from reviews.importing.harmed import is_harmed
from reviews.importing.named_things import is_provider, is_software

_BESIDE = r"(?:services?|sites?|website|apps?|application|api|clusters?|platform|servers?|outage)"
_SHORTEST = 3


def known_in(title: str, telling: str, names: Iterable[str]) -> list[str]:
    """The names of `names` that the title holds, else the one that the telling parts of the text speak of most.

    Names stand there as whole words. One plain word could be no name at all: it must be written as a name is, with a
    capital amid a sentence, or beside a word such as "service". Once is enough where harm is told right beside. Tools
    that everybody runs count in a title only.
    """
    wanted = [name for name in names if len(name) >= _SHORTEST and any(char.isalpha() for char in name)]
    titled = [name for name in wanted if _uses(name, title)]
    if titled:
        return [name for name in titled if not any(name != other and _within(name, other) for other in titled)]
    counts: Counter[str] = Counter()
    for name in wanted:
        if name in telling and not is_software(name) and not is_provider(name):
            common = _is_plain(name) and re.search(rf"(?<!\w){re.escape(name.lower())}(?!\w)", telling) is not None
            counts[name] = _uses(name, telling) + 2 * (not common and is_harmed(name, telling))
    return [name for name, count in counts.most_common(1) if count > 1]


def _uses(name: str, text: str) -> int:
    found = [match.start() for match in re.finditer(rf"(?<![\w.-]){re.escape(name)}(?![\w-]|\.\w)", text, _case(name))]
    return len(found) if not _is_plain(name) else sum(_as_name(name, text, at) for at in found)


def _is_plain(name: str) -> bool:
    return name.isalpha() and name[1:].islower()


def _case(name: str) -> re.RegexFlag:
    return re.NOFLAG if _is_plain(name) else re.IGNORECASE


def _as_name(name: str, text: str, at: int) -> bool:
    before, after = text[max(0, at - 20) : at], text[at + len(name) : at + len(name) + 20]
    if re.match(rf"`? {_BESIDE}\b", after, re.IGNORECASE) or re.search(rf"\b{_BESIDE} `?$", before, re.IGNORECASE):
        return True
    in_title_case = all(word[0].isupper() for word in re.findall(r"[^\W\d_]{4,}", text[:400]))
    return name[0].isupper() and not in_title_case and re.search(r"[a-z,;)] [`*_(\"“]*$", before) is not None


def _within(name: str, other: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", other, re.IGNORECASE) is not None
