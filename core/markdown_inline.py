"""The words within a block: links, pictures, footnote marks, code, emphasis.

Python-Markdown's engine with our own patterns for everything that leads somewhere. A pattern that is not satisfied
leaves the text as it was written, so nothing vanishes; and each looks at a character a bounded number of times.
"""

import html
import re
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from core.code_blocks import literal, put_literally
from core.markdown_document import Document, normal
from core.safe_html import ATTACHMENT, EXTERNAL_REL, is_external, safe_address

LONGEST = 20_000  # characters of one block, and
MOST_MARKS = 1_000  # marks in it, beyond which it is shown as typed: nobody wrote that by hand

_PUNCTUATION = list("\\`*_{}[]()<>#+-.!|~\"'&,/:;=?@^$%")
_INLINE = re.compile(r"[\\`*_\[<~]|://|www\.|  \n", re.IGNORECASE)
_MARKS = re.compile(r"[\\`*_\[\]<>&~]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_ESCAPED = re.compile("\x02(\\d+)\x03")

_LABEL = r"\[((?:[^\[\]]++|\[[^\[\]]*+\])*+)\]"
_START = re.compile(rf"(!?){_LABEL}")
_PLACE = re.compile(
    r"\(\s*+(?:<([^<>\n]*+)>|((?:[^\s()]|\([^\s()]*+\))*+))"
    r"(?:\s++(?:\"([^\"]*+)\"|'([^']*+)'|\(([^()]*+)\)))?+\s*+\)"
)
_REFERENCE = re.compile(r"\[([^\[\]]*+)\]")
_INNER = re.compile(r"(?<!!)\[[^\[\]]*+\]\(")
_PICTURE = re.compile(r"!\[([^\[\]]*+)\](?:\([^()\s]*+(?:\s[^()]*+)?\)|\[[^\[\]]*+\])?+")
_ANGLED = r"(?i)(?<!\\)<((?:https?://|mailto:)[^<>\s\x02]++|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})>"
_BARE = r"(?i)(?<![\w/@.:=-])(?:https?://|www\.(?=\w))[^\s<>`\x02]++"


class Inline:
    """One engine; it holds state while it works, so each thread has its own."""

    def __init__(self) -> None:
        self.markdown = Markdown(
            extensions=["pymdownx.tilde"], extension_configs={"pymdownx.tilde": {"subscript": False}}
        )
        self.markdown.ESCAPED_CHARS = _PUNCTUATION
        patterns = self.markdown.inlinePatterns
        for name in (
            "reference", "link", "image_link", "image_reference", "short_reference", "short_image_ref",
            "autolink", "automail", "html", "entity",
        ):  # fmt: skip
            patterns.deregister(name)
        self._ours = [
            (_FootnoteMark(r"\[\^([^\[\]\s\x02]{1,100})\]", self.markdown), "footnote", 175),
            (_Link(r"!?\[", self.markdown), "link", 160),
            (_AngledAddress(_ANGLED, self.markdown), "autolink", 185),
            (_BareAddress(_BARE, self.markdown), "address", 115),
        ]
        for pattern, name, priority in self._ours:
            patterns.register(pattern, name, priority)
        self._inline: Treeprocessor = self.markdown.treeprocessors["inline"]
        self._unescape: Treeprocessor = self.markdown.treeprocessors["unescape"]

    def work_on(self, document: Document) -> None:
        """Forget the last text; links and footnotes from here on are those of `document`."""
        self.markdown.reset()
        for pattern, _, _ in self._ours:
            pattern.document = document

    def fill(self, leaf: Element) -> None:
        """Turn the text of an element that has no children into elements."""
        text = leaf.text or ""
        if len(text) > LONGEST or len(_MARKS.findall(text)) > MOST_MARKS:
            as_typed(leaf, text)
        elif _INLINE.search(text):
            holder = Element("div")
            holder.append(leaf)
            try:
                self._inline.run(holder)
            except RecursionError:
                self.markdown.reset()
                as_typed(leaf, text)
            self._unescape.run(leaf)


def as_typed(leaf: Element, text: str) -> None:
    """Show the text of an element as it was written, line ends included."""
    put_literally(leaf, text)
    if leaf.tag in ("p", "tight"):
        leaf.tag = "pre"
        leaf.set("class", "as-typed")


class _Pattern(InlineProcessor):
    ANCESTOR_EXCLUDES = ("a",)
    document: Document

    def restored(self, text: str) -> str:
        """`text` as it was written before other patterns put their placeholders into it."""
        whole = str(self.unescape(text)) if "\x02" in text else text
        return _ESCAPED.sub(lambda found: chr(int(found[1])), whole)


class _Link(_Pattern):
    """`[words](address "title")`, `[words][label]`, `[label]`, and the same after `!` for a picture."""

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        """Python-Markdown's name: the element and the range it replaces, or three times None."""
        start = _START.match(data, m.start())
        if start is None or ("](" in start[2] and _INNER.search(start[2])):
            return None, None, None  # of a link within a link the inner one counts
        label = start[2]
        if place := _PLACE.match(data, start.end()):
            written = place[1] if place[1] is not None else place[2]
            address = safe_address(_resolved(self.restored(written)))
            title = place[3] or place[4] or place[5] or ""
            end = place.end()
        else:
            address, title, end = self._defined(label, data, start.end())
        if address is None:
            return None, None, None
        if start[1]:
            return _picture(self.restored(label), label, address, title), start.start(), end
        element = self._link_to(address, title)
        element.text = _PICTURE.sub(lambda picture: picture[1], label) if "![" in label else label
        if not element.text.strip():
            element.text = literal(address)
        return element, start.start(), end

    def _defined(self, label: str, data: str, end: int) -> tuple[str | None, str, int]:
        second = _REFERENCE.match(data, end)
        for name, after in ([(second[1] or label, second.end())] if second else []) + [(label, end)]:
            wanted = normal(self.restored(name))
            if definition := self.document.definitions.get(wanted):
                self.document.used.add(wanted)
                return definition.address, definition.title, after
        return None, "", end

    def _link_to(self, address: str, title: str) -> Element:
        if address.startswith("#") and address[1:] in self.document.anchors:
            address = f"#{self.document.prefix}{address[1:]}"
        return _link(address, title)


class _FootnoteMark(_Pattern):
    """`[^label]`, where such a footnote exists."""

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        """As above."""
        note = self.document.mention(m[1])
        if note is None:
            return None, None, None
        prefix = self.document.prefix
        mark = Element("sup", {"class": "footnote-ref"})
        if note.mentions == 1:
            mark.set("id", f"{prefix}fnref-{note.number}")
        SubElement(mark, "a", {"href": f"#{prefix}fn-{note.number}"}).text = AtomicString(str(note.number))
        return mark, m.start(), m.end()


class _AngledAddress(_Pattern):
    """`<https://example.org>` and `<person@example.org>`."""

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        """As above."""
        is_address = ":" in m[1]
        address = safe_address(_resolved(m[1]) if is_address else f"mailto:{m[1]}")
        if address is None:
            return None, None, None
        element = _link(address)
        element.text = AtomicString(m[1])
        return element, m.start(), m.end()


class _BareAddress(_Pattern):
    """An address in running text, without the punctuation of the sentence around it."""

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        """As above."""
        written = _without_punctuation(m[0])
        whole = f"http://{written}" if written[:4].lower() == "www." else written
        address = safe_address(_resolved(whole))
        if address is None:
            return None, None, None
        element = _link(address)
        element.text = AtomicString(written)
        return element, m.start(), m.start() + len(written)


def _resolved(address: str) -> str:
    """`address` with its entities as characters, as a browser reads them."""
    return _ENTITY.sub(lambda entity: html.unescape(entity[0]), address)


def _link(address: str, title: str = "") -> Element:
    element = Element("a", {"href": literal(address)})
    if is_external(address):
        element.set("rel", EXTERNAL_REL)
    if title:
        element.set("title", " ".join(title.split()))
    return element


def _picture(words: str, label: str, address: str, title: str) -> Element:
    """A picture that is kept here; one that lies elsewhere is a link, since pages load nothing from other sites."""
    if ATTACHMENT.fullmatch(address):
        picture = Element("img", {"src": address, "alt": words, "loading": "lazy"})
        if title:
            picture.set("title", title)
        return picture
    element = _link(address, title)
    element.set("class", "image-link")
    element.text = label if words.strip() else literal(address.rstrip("/").rsplit("/", 1)[-1] or address)
    return element


def _without_punctuation(address: str) -> str:
    unopened = {")": address.count(")") - address.count("("), "]": address.count("]") - address.count("[")}
    end = len(address)
    while end > 0:
        last = address[end - 1]
        if last in unopened and unopened[last] > 0:
            unopened[last] -= 1
        elif last not in "?!.,:;*_~'\"|":
            break
        end -= 1
    return address[:end]
