"""How likely it is that someone who meant one word wrote another one."""

from math import log2

MOST = 2  # slips, in a long word
LONG = 8
_SAME_FIRST = 1.5  # people seldom miss the first letter

# Two letters that changed places, or one that is missing, are one possibility among as many as the word has letters;
# a wrong letter, or one too many, is one among some twenty-five times as many.
_COSTS = {"swapped": 0.0, "missing": 0.0, "wrong": log2(25), "added": log2(26)}


def likelihood(written: str, meant: str, reviews: int) -> float | None:
    """A power of two, for comparison only: how common the word is, and how few other slips could have been made.

    None where more slips were made than one does in a word of that length.
    """
    slips = slips_between(written, meant, MOST if len(meant) >= LONG else 1)
    if slips is None:
        return None
    unlikely = sum(_COSTS[one] + log2(len(meant)) for one in slips)
    return log2(1 + reviews) + (_SAME_FIRST if written[:1] == meant[:1] else 0.0) - unlikely


def slips_between(written: str, meant: str, most: int) -> list[str] | None:
    """The fewest slips that make `written` of `meant`; None where it takes more than `most`."""
    start = 0
    while start < min(len(written), len(meant)) and written[start] == meant[start]:
        start += 1
    written, meant = written[start:], meant[start:]
    if not written and not meant:
        return []
    if not most or abs(len(written) - len(meant)) > most:
        return None
    ways = [
        ("swapped", written[2:], meant[2:], len(meant) > 1 and written[:2] == meant[1::-1]),
        ("wrong", written[1:], meant[1:], bool(written and meant)),
        ("missing", written, meant[1:], bool(meant)),
        ("added", written[1:], meant, bool(written)),
    ]
    found = [
        [name, *rest]
        for name, written_left, meant_left, can_be in ways
        if can_be and (rest := slips_between(written_left, meant_left, most - 1)) is not None
    ]
    return min(found, key=len, default=None)
