"""The last gate for HTML made from what people wrote: an allow-list of tags, attributes, values and addresses."""

import html
import re
import threading
from typing import Any
from urllib.parse import urlsplit

import bleach
from bleach import html5lib_shim

TAGS = frozenset(
    {
        "a", "blockquote", "br", "code", "del", "div", "em", "h3", "h4", "h5", "h6", "hr", "img", "li", "ol", "p",
        "pre", "span", "strong", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
    }
)  # fmt: skip
SCHEMES = frozenset({"http", "https", "mailto"})
EXTERNAL_REL = "nofollow noopener noreferrer"
ATTACHMENT = re.compile(r"/attachments(?:/\w[\w.-]{0,200}){1,4}")  # the pictures that pages may load

# Attributes by tag, each with the whole value it may have. Nothing else passes, whatever made it.
_ID = r"md-[\w-]{1,120}"
_ANY = r"(?s:.*)"
_VALUES = {
    (tag, name): re.compile(value)
    for tag, name, value in [
        ("a", "class", "footnote-back|image-link"),
        ("a", "rel", EXTERNAL_REL),
        ("a", "title", _ANY),
        ("code", "class", r"language-[a-z0-9+#-]{1,20}"),
        ("div", "class", "footnotes|table-scroll"),
        ("div", "tabindex", "0"),
        ("img", "alt", _ANY),
        ("img", "loading", "lazy"),
        ("img", "src", ATTACHMENT.pattern),
        ("img", "title", _ANY),
        ("li", "class", "task"),
        ("li", "id", _ID),
        ("ol", "start", r"\d{1,9}"),
        ("pre", "class", "as-typed"),
        ("pre", "tabindex", "0"),
        ("span", "class", r"tok-[a-z0-9]{1,3}"),
        ("sup", "class", "footnote-ref"),
        ("sup", "id", _ID),
        *((tag, "class", "is-center|is-right") for tag in ("td", "th")),
    ]
}

# What some browser, at some time, ignored inside an address, and what it took for a slash.
_ODD = re.compile(
    "[\x00-\x20\x7f-\xa0\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ufff0-\uffff\\\\]"
)
_WEB = re.compile(r"https?://[^/?#]", re.IGNORECASE)
_MAIL = re.compile(r"mailto:[^/?#@]+@[^/?#@]+(?:\?.*)?", re.IGNORECASE)
_WITH_SCHEME = re.compile(r"[^/?#]*:")
_ENCODED = {ord(" "): "%20", ord("<"): "%3C", ord(">"): "%3E", ord('"'): "%22", ord("'"): "%27", ord("`"): "%60"}

# Nothing but allowed tags without any attribute, and text: there is nothing in it to clean.
_PLAIN = re.compile(
    r"(?:[^<>]++|</?(?:blockquote|br|code|del|em|h[3-6]|hr|li|ol|p|pre|strong|table|tbody|td|th|thead|tr|ul)>)*+"
)

_threads = threading.local()


def safe_address(written: str) -> str | None:
    """The address as it may stand in a link (not yet escaped for HTML), or None when no link may lead there.

    To the web, to a mailbox, or within this site. Anything that a browser could read in two ways is refused.
    """
    address = written.strip(" \t\n").translate(_ENCODED)
    if not address or _ODD.search(address) or address.startswith("//"):
        return None
    try:
        host = urlsplit(address).netloc.rpartition("@")[2]
    except ValueError:
        return None
    if "%" in host:  # browsers undo it, and then find no name there
        return None
    if _WITH_SCHEME.match(address) and not (_WEB.match(address) or _MAIL.fullmatch(address)):
        return None
    return address


def is_external(address: str) -> bool:
    """Whether a safe address leads away from this site's pages."""
    return bool(_WITH_SCHEME.match(address))


_TreeWalker: Any = html5lib_shim.getTreeWalker("etree")  # type: ignore[attr-defined]


class _Walker(_TreeWalker):
    """Bleach's own walk through the tree; it looks for each element among its siblings from the first one on, which
    for a table of 20,000 rows takes minutes. This one remembers where they stand."""

    def getParentNode(self, node: Any) -> Any:
        """The name and the tuple are html5lib's: element, place among its siblings, ancestors, which text."""
        if not isinstance(node, tuple) or node[3] == "text" or len(node[2]) < 2:
            return super().getParentNode(node)
        ancestors = node[2]
        parent = ancestors.pop()
        return parent, self._place(ancestors[-1], parent), ancestors, None

    def _place(self, parent: Any, child: Any) -> int:
        known: dict[Any, dict[Any, int]] = self.__dict__.setdefault("places", {})
        if parent not in known:
            known[parent] = {one: place for place, one in enumerate(parent)}
        return known[parent][child]


def is_plain(made: str) -> bool:
    """Whether `made` is text in allowed tags without attributes."""
    return _PLAIN.fullmatch(made) is not None


def clean(made: str) -> str:
    """`made` with only what is allowed; every other tag shows as the text it was."""
    if is_plain(made):
        return made
    cleaner: bleach.Cleaner | None = getattr(_threads, "cleaner", None)
    if cleaner is None:  # a cleaner holds a parser's state, so each thread has its own
        cleaner = _threads.cleaner = bleach.Cleaner(tags=TAGS, attributes=_allowed, protocols=SCHEMES)
        cleaner.walker = _Walker  # type: ignore[assignment]
    return str(cleaner.clean(made))


def _allowed(tag: str, name: str, value: str) -> bool:
    if (tag, name) == ("a", "href"):
        return safe_address(html.unescape(value)) is not None
    expected = _VALUES.get((tag, name))
    return expected is not None and expected.fullmatch(html.unescape(value)) is not None
