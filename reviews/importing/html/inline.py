"""Running text: from elements within a paragraph to Markdown."""

import re
from collections.abc import Callable
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from reviews.importing.html.confluence import emoticon, link_of, picture_of, status_of, user_of
from reviews.importing.html.styles import Styles, marks_of
from reviews.importing.html.tree import BLOCKS, DROPPED, as_written, name_of, words_of

_DEEPEST = 80
_MARKS = {"bold": "**", "italic": "*", "struck": "~~"}
_TAGS = {
    "b": "bold",
    "strong": "bold",
    "em": "italic",
    "i": "italic",
    "s": "struck",
    "del": "struck",
    "strike": "struck",
}
_SPECIAL = re.compile(r"([\\`*]|<(?=[a-zA-Z/!?])|\[(?=[^\]]*\]\())|(?<!\w)_(?=\w)|(?<=\w)_(?!\w)")
_REDIRECT = re.compile(r"https?://(?:www\.)?google\.com/url\?(?:[^#]*&)?q=([^&#]+)")
_COMMENT = re.compile(r"#?cmnt(?:_ref)?\d+$")


class Inline:
    """Writes running text with the page's `styles`; `address` says where a link or picture leads in the end."""

    def __init__(self, styles: Styles, address: Callable[[str], str]) -> None:
        self.styles, self.address = styles, address

    def text(self, element: Element, *, tail: bool = False) -> str:
        """The content of an element on one line, line breaks as in Markdown."""
        written = self._content(element, frozenset(), 0)
        return tidy(written)

    def pieces(self, pieces: "list[Element | str]") -> str:
        """Text and elements that follow each other outside of any paragraph."""
        written = "".join(
            escaped(one) if isinstance(one, str) else self._element(one, frozenset(), 0) for one in pieces
        )
        return tidy(written)

    def _content(self, element: Element, marks: frozenset[str], depth: int) -> str:
        parts = [escaped(element.text or "")]
        for child in element:
            parts.append(self._element(child, marks, depth + 1))
            parts.append(escaped(child.tail or ""))
        return "".join(parts)

    def _element(self, element: Element, marks: frozenset[str], depth: int) -> str:
        name = name_of(element)
        if not name or name in DROPPED:
            return ""
        if depth > _DEEPEST:
            return escaped(words_of(element))
        if name == "br":
            return "\\\n"
        if name in ("code", "kbd", "samp", "tt"):
            return code(as_written(element))
        if name == "img":
            return self._picture(element.get("src") or "", element.get("alt") or "")
        if name == "a":
            return self._link(element, marks, depth)
        if name == "time":
            return escaped(words_of(element) or element.get("datetime") or "")
        if (special := self._of_confluence(name, element)) is not None:
            return special
        if name == "input" and element.get("type") == "checkbox":
            return "[x] " if element.get("checked") is not None else "[ ] "
        return self._marked(name, element, marks, depth)

    def _of_confluence(self, name: str, element: Element) -> str | None:
        if name == "ac:image":
            address, words = picture_of(element)
            return self._picture(address, words)
        if name == "ac:link":
            address, words = link_of(element)
            return f"[{escaped(words)}]({self.address(address)})" if address and words else escaped(words)
        if name == "ac:emoticon":
            return escaped(emoticon(element))
        if name == "ri:user":
            return escaped(user_of(element))
        if name in ("ac:structured-macro", "ac:macro"):
            return escaped(status_of(element))
        return None

    def _marked(self, name: str, element: Element, marks: frozenset[str], depth: int) -> str:
        own = set(marks_of(element.get("style") or ""))
        for one in (element.get("class") or "").split():
            own |= self.styles.get(one, frozenset())
        if name in _TAGS:
            own.add(_TAGS[name])
        if name in ("h1", "h2", "h3", "h4", "h5", "h6", "th"):
            own.clear()
        if "code" in own and name == "span" and (written := as_written(element)).strip():
            return code(written)
        new = frozenset(own & {*_MARKS}) - marks
        inner = self._content(element, marks | new, depth)
        if name in BLOCKS and depth:
            return f" {inner} "
        for mark in sorted(new):
            inner = _around(inner, _MARKS[mark])
        return inner

    def _link(self, element: Element, marks: frozenset[str], depth: int) -> str:
        href = (element.get("href") or "").strip()
        if _COMMENT.search(href) or _COMMENT.match(element.get("id") or ""):
            return ""
        note = re.fullmatch(r"#ftnt(\d+)", href)
        if note:
            return f"[^{note[1]}]"
        if re.fullmatch(r"#ftnt_ref\d+", href):
            return ""
        if redirected := _REDIRECT.match(href):
            href = unquote(redirected[1])
        inner = self._content(element, marks, depth).strip()
        if not href or href.startswith("#") or not inner:
            return inner
        address = self.address(href)
        if inner == escaped(address):
            return f"<{address}>" if address.startswith(("http://", "https://")) else inner
        return f"[{inner}]({_safe(address)})"

    def _picture(self, src: str, alt: str) -> str:
        if not src or src.startswith("data:"):
            return escaped(alt)
        words = re.sub(r"[\[\]\n]+", " ", alt).strip()
        return f"![{words}]({_safe(self.address(src))})"


def escaped(text: str) -> str:
    """Text with what Markdown would read as something else made plain."""
    text = text.replace("\u00a0", " ").replace("\u200b", "")
    return _SPECIAL.sub(lambda found: f"\\{found[0]}", re.sub(r"[ \t\r\n\f]+", " ", text))


def code(text: str) -> str:
    """A span of code with as many backticks as it needs."""
    text = " ".join(text.split())
    if not text:
        return ""
    fence = "`" * (max((len(run) for run in re.findall(r"`+", text)), default=0) + 1)
    return f"{fence} {text} {fence}" if "`" in text else f"{fence}{text}{fence}"


def tidy(written: str) -> str:
    """Marks that end where others of the same kind begin are one; spaces stand outside of marks, and once."""
    written = re.sub(r"(?<!\\)\*\*([ ]*)(?<!\\)\*\*(?=[^*])", r"\1", written)
    lines = [re.sub(r" {2,}", " ", line).strip() for line in written.split("\n")]
    return re.sub(r"(?:\\\n)+$", "", "\n".join(lines)).removesuffix("\\").strip()


def _around(inner: str, mark: str) -> str:
    core = inner.strip()
    if not core or core == "\\":
        return inner
    before, after = inner[: len(inner) - len(inner.lstrip())], inner[len(inner.rstrip()) :]
    return f"{before}{mark}{core}{mark}{after}"


def _safe(address: str) -> str:
    return address.replace(" ", "%20").replace("(", "%28").replace(")", "%29").replace("<", "%3C").replace(">", "%3E")
