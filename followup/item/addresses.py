"""How people name an action item."""

import re
from urllib.parse import urlsplit

from core.text import whole_number

_PAGE = re.compile(r"/actions/(\d{1,18})(?:/|$)", re.ASCII)
_PLACE = re.compile(r"action-(\d{1,18})", re.ASCII)


def item_key(written: str) -> int | None:
    """The key of the item that "57", "#57", the address of its page or of its place in a review names; else None."""
    text = written.strip()
    if (number := whole_number(text.removeprefix("#"))) is not None:
        return number
    try:
        address = urlsplit(text)
    except ValueError:
        return None
    found = _PAGE.search(address.path) or _PLACE.fullmatch(address.fragment)
    return int(found[1]) if found else None
