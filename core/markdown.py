"""Markdown to safe HTML: blocks, then the words in them, then an allow-list over all of it.

GitHub's habits where they are safe. Raw HTML is not HTML here: it shows as the text it is. A line break shows where
it was meant (core.markdown_blocks says how that is told), and a picture from elsewhere is a link.
"""

import html
import logging
import re
import threading
from collections.abc import Iterator
from hashlib import blake2b
from itertools import chain
from xml.etree.ElementTree import Element, SubElement

from markdown.serializers import to_html_string

from core.code_blocks import put_literally
from core.markdown_blocks import read_blocks, read_note
from core.markdown_document import Document, labels_in
from core.markdown_inline import Inline
from core.safe_html import clean, is_plain
from core.text import storable

logger = logging.getLogger(__name__)

# A text is shown as typed when it holds more marks and line ends than this: a dump of data rather than prose. Each of
# them costs some 25 microseconds. Two megabytes of real write-ups hold 70,000; a link or a list on every line, 375,000.
MOST_MARKS = 400_000
LONG = 100_000
_COSTLY = re.compile(r"[&<>*_`\[\]|~\n]|(?:[-+]|\d[.)]) ")
_A_TIME = 50_000  # characters of HTML that are cleaned at once
_SPACES = re.compile("[\x0b\x0c\x1c-\x1f]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1b]")
_MARKUP = re.compile(r"[\\`*_\[<>&~|\n\t]|://|www\.|\A\s|\A(?:#|[-+](?:\s|\Z)|\d{1,9}[.)](?:\s|\Z))", re.IGNORECASE)
_NOT_PREFIX = re.compile(r"[^\w-]+")
_LEAVES = frozenset({"p", "tight", "h3", "h4", "h5", "h6", "td", "th"})
_HOLDERS = frozenset({"blockquote", "div", "ol", "table", "tbody", "thead", "tr", "ul"})
_BLOCKS = _HOLDERS | _LEAVES | {"hr", "li", "pre"}
_FOOTNOTE_MARK = re.compile(r'<sup class="footnote-ref".*?</sup>|<a class="footnote-back".*?</a>')
_WITHIN_WORDS = re.compile(r"</?(?:a|code|del|em|span|strong)\b(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")
_TAG = re.compile(r"<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")

_threads = threading.local()


def render(text: str, prefix: str = "") -> str:
    """Safe HTML of `text`. With a `prefix` headings can be linked to, and every id begins with it after "md-"."""
    text = _readable(text)
    if not _MARKUP.search(text):
        return f"<p>{text.rstrip()}</p>" if text else ""
    if len(text) > LONG and len(_COSTLY.findall(text)) > MOST_MARKS:
        return _as_typed(text)
    try:
        return "".join(clean(part) for part in _parts(_document(text, prefix))).rstrip("\n")
    except Exception:
        # Whatever a library stumbles over, what was written must stay readable and storable.
        logger.exception("A text of %s characters could not be rendered", len(text))
        return _as_typed(text)


def plain_text(text: str) -> str:
    """The words that `text` shows, separated by single spaces."""
    shown = _WITHIN_WORDS.sub("", _FOOTNOTE_MARK.sub("", render(text)))
    return " ".join(html.unescape(_TAG.sub(" ", shown)).split())


def _readable(text: str) -> str:
    text = storable(text).replace("\r\n", "\n").replace("\r", "\n")
    if text.isprintable():
        return text
    return _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", _SPACES.sub(" ", text))


def _as_typed(text: str) -> str:
    return f'<pre class="as-typed">{html.escape(text, quote=False)}</pre>'


def _document(text: str, prefix: str) -> Document:
    # Without a prefix footnotes still need ids that no other text on the page has.
    named = _NOT_PREFIX.sub("-", prefix) or blake2b(text.encode(), digest_size=4).hexdigest()
    document = Document(prefix=f"md-{named}-", anchored=bool(prefix), labels=labels_in(text))
    read_blocks(text.split("\n"), document)
    return document


def _parts(document: Document) -> Iterator[str]:
    """The blocks as HTML not yet cleaned, some at a time."""
    inline: Inline | None = getattr(_threads, "inline", None)
    if inline is None:
        inline = _threads.inline = Inline()
    inline.work_on(document)
    made: list[str] = []
    room = _A_TIME
    for block in chain(document.root, _afterwards(document, inline)):
        written = _written(block, inline)
        if made and (room < 0 or is_plain(written) is not is_plain(made[-1])):
            yield "".join(made)
            made, room = [], _A_TIME
        made.append(written)
        room -= len(written)
    yield "".join(made)


def _written(block: Element, inline: Inline) -> str:
    for leaf in [one for one in block.iter() if one.tag in _LEAVES]:
        inline.fill(leaf)
    for item in block.iter("li"):
        if len(item) and item[0].tag == "tight":
            _loosen(item, item[0])
    _break_lines(block)
    return str(to_html_string(block))


def _loosen(item: Element, paragraph: Element) -> None:
    """Put what a paragraph holds in its place, at the beginning of its list item."""
    item.remove(paragraph)
    item.text = paragraph.text
    for place, child in enumerate(list(paragraph)):
        item.insert(place, child)
    if len(item) > len(paragraph):
        if len(paragraph):
            paragraph[-1].tail = (paragraph[-1].tail or "") + "\n"
        else:
            item.text = (item.text or "") + "\n"


def _break_lines(block: Element) -> None:
    """Line ends after blocks, so that words stay apart when somebody takes the tags away."""
    for element in block.iter():
        if element.tag in _BLOCKS:
            element.tail = "\n"
            if element.tag in _HOLDERS:
                element.text = "\n"
        elif element.tag == "br":
            element.tail = "\n" + (element.tail or "")


def _afterwards(document: Document, inline: Inline) -> Iterator[Element]:
    """Footnotes in the order of their first mention, and definitions that nothing referred to."""
    if document.mentioned:
        frame = Element("div", {"class": "footnotes"})
        notes = SubElement(frame, "ol")
        for note in document.mentioned:  # a note may mention more, which then follow
            item = SubElement(notes, "li", {"id": f"{document.prefix}fn-{note.number}"})
            read_note(note, item, document)
            for block in item:
                _written(block, inline)
            last = item[-1] if len(item) and item[-1].tag == "p" else SubElement(item, "p")
            back = SubElement(last, "a", {"class": "footnote-back", "href": f"#{document.prefix}fnref-{note.number}"})
            back.set("title", "Back to the text")
            back.text = "↩"
        yield frame
    for line in document.unclaimed():
        text = Element("p")
        put_literally(text, line.strip())
        yield text
