"""An HTML or Confluence storage-format text as a tree of elements."""

import html
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib

from reviews.importing.document import UnreadableDocument

BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset",
        "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li",
        "main", "nav", "ol", "p", "pre", "section", "summary", "table", "ul",
        "ac:layout", "ac:layout-section", "ac:layout-cell", "ac:rich-text-body", "ac:structured-macro", "ac:macro",
        "ac:task-list", "ac:task", "ac:adf-extension", "ac:adf-content",
    }
)  # fmt: skip
DROPPED = frozenset(
    {"script", "style", "head", "template", "noscript", "iframe", "object", "svg", "ac:parameter", "ac:placeholder"}
)
_DEEPEST = 400
_TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]*)(?:[^<>]*[^<>/])?(?=>)")
_ENDS_BY_ITSELF = frozenset(
    {
        "area", "base", "br", "col", "colgroup", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta",
        "option", "p", "param", "source", "tbody", "td", "tfoot", "th", "thead", "tr", "track", "wbr",
    }
)  # fmt: skip
_IS_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL
)
_STORAGE = re.compile(r"<(?:ac|ri):[a-z-]+[\s/>]")
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_CLOSED = re.compile(r"<((?:ac|ri|at):[\w-]+|time|p|td|th|div|span|li|a|em|strong)((?:\s[^<>]*)?)/>")


def is_html(text: str) -> bool:
    """Whether a text says of itself that it is HTML, or Confluence's own form of it."""
    return bool(_IS_HTML.match(text[:5000])) or is_storage_format(text)


def is_storage_format(text: str) -> bool:
    """Whether a text is a Confluence page as Confluence keeps it."""
    return text.lstrip().startswith("<") and bool(_STORAGE.search(text))


def body_of(text: str) -> Element:
    """The tree below <html>. UnreadableDocument for what is nested as no write-up is: it would take for ever."""
    if _depth(text) > _DEEPEST:
        raise UnreadableDocument("It is nested more deeply than any write-up. Export it again, or save it as Markdown.")
    if is_storage_format(text):
        text = _CDATA.sub(lambda found: html.escape(found[1], quote=False), text)
        text = _CLOSED.sub(r"<\1\2></\1>", text)
    tree: Element = html5lib.parse(text, treebuilder="etree", namespaceHTMLElements=False)
    return tree


def _depth(text: str) -> int:
    """How deep elements stand in each other, as far as their ends are written; those that may be left out aside."""
    depth = deepest = 0
    for ends, name in _TAG.findall(text):
        if name.lower() not in _ENDS_BY_ITSELF:
            depth = max(0, depth - 1) if ends else depth + 1
            deepest = max(deepest, depth)
    return deepest


def name_of(element: Element) -> str:
    """The tag in lower case; '' for comments."""
    return element.tag.lower() if isinstance(element.tag, str) else ""


def words_of(element: Element) -> str:
    """All text below the element, its whitespace squeezed."""
    return " ".join("".join(_texts(element)).split())


def as_written(element: Element) -> str:
    """All text below the element with its line breaks, as in code."""
    return "".join(_texts(element))


def first(tree: Element, *names: str) -> Element | None:
    """The first element of one of these tags, in reading order."""
    return next((one for one in tree.iter() if name_of(one) in names), None)


def _texts(element: Element) -> Iterator[str]:
    """Iterative: what people nest has no end."""
    waiting: list[Element | str] = [element]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
            continue
        if one is not element and one.tail:
            waiting.append(one.tail)
        name = name_of(one)
        if not name or name in DROPPED:
            continue
        if name == "br":
            yield "\n"
        waiting.extend(reversed(list(one)))
        if one.text:
            waiting.append(one.text)
