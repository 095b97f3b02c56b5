"""The XML export of a Confluence space: every page in one file, each attached file in a folder of its own.

Objects name their properties; a page has several bodies over time, of which the current one counts. Confluence writes
the end of a CDATA section within a text as "]] >". DTDs are refused, since nothing in an export needs one.
"""

import html
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import IO, Any
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from reviews.importing.document import UnreadableDocument
from reviews.importing.files import Files
from reviews.importing.found import Found

ENTITIES = "entities.xml"
MOST_BYTES = 500_000_000
_AT_ONCE = 1 << 20
_STORAGE = "2"  # the type of a body in the storage format
_AWKWARD = re.compile(r"[/\x00-\x1f]+")
_PAGES = {"Page", "BlogPost"}


@dataclass
class _Space:
    pages: dict[str, str] = field(default_factory=dict)  # title by id
    bodies: dict[str, str] = field(default_factory=dict)  # by the id of the page
    files: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))  # path by page and name


def pages_of(opened: Callable[[], IO[bytes]], shown: str, files: Files) -> Iterator[Found]:
    """The current pages as write-ups, by title; UnreadableDocument for a file that is no such export."""
    space = _read(opened, shown)
    for page, title in sorted(space.pages.items(), key=lambda one: (one[1], one[0])):
        body = space.bodies.get(page, "")
        if not re.sub(r"<[^>]*>|\s", "", body) and "<ac:" not in body:
            continue
        name = f"{_AWKWARD.sub('-', title)[:150] or page}.xhtml"
        content = f"<html><head><title>{html.escape(title)}</title></head><body>{body}</body></html>".encode()
        yield Found(name, f"{shown}: {title}", partial(bytes, content), _attached(space, page, files))


def _attached(space: _Space, page: str, files: Files) -> Files:
    paths = space.files.get(page, {})
    return lambda name: files(path) if (path := paths.get(name)) else None


def _read(opened: Callable[[], IO[bytes]], shown: str) -> _Space:
    space = _Space()
    parser: Any = XMLPullParser(["start", "end"])
    root: Element | None = None
    size = 0
    try:
        with opened() as file:
            while piece := file.read(_AT_ONCE):
                size += len(piece)
                if size > MOST_BYTES:
                    raise UnreadableDocument(f"{shown} has more than {MOST_BYTES // 1_000_000} MB. Export one space.")
                if size == len(piece) and b"<!DOCTYPE" in piece[:4096]:
                    raise UnreadableDocument(f"{shown} has a DTD, which no export of Confluence has.")
                parser.feed(piece)
                root = _take(parser, space, root)
        parser.close()
        _take(parser, space, root)
    except (ParseError, EOFError, ValueError, OSError) as problem:
        if isinstance(problem, UnreadableDocument):
            raise
        raise UnreadableDocument(f"{shown} is no well-formed XML. Export the space again.") from None
    return space


def _take(parser: Any, space: _Space, root: Element | None) -> Element | None:
    """Keep what the objects that are complete say, and let go of them."""
    for event, element in parser.read_events():
        if event == "start":
            root = root if root is not None else element
        elif element.tag == "object":
            _keep(element, space)
            if root is not None and element is not root:
                root.clear()
    return root


def _keep(element: Element, space: _Space) -> None:
    kind = element.get("class") or ""
    values = {one.get("name") or "": one for one in element if one.tag == "property"}
    key = _text(element.find("id"))
    status = _text(values.get("contentStatus")) or "current"
    if kind in _PAGES and key and status == "current" and "originalVersion" not in values:
        space.pages[key] = " ".join(_text(values.get("title")).split())[:300] or key
    elif kind == "BodyContent" and _text(values.get("bodyType")) in ("", _STORAGE):
        page = _reference(values.get("content"))
        if page:
            space.bodies[page] = _text(values.get("body")).replace("]] >", "]]>")
    elif kind == "Attachment" and status == "current" and "originalVersion" not in values:
        page = _reference(values.get("containerContent")) or _reference(values.get("content"))
        name = _text(values.get("title")) or _text(values.get("fileName"))
        version = _text(values.get("version")) or _text(values.get("attachmentVersion")) or "1"
        if page and name and key:
            space.files[page][name] = f"attachments/{page}/{key}/{version}"


def _text(element: Element | None) -> str:
    return (element.text or "") if element is not None else ""


def _reference(element: Element | None) -> str:
    return _text(element.find("id")) if element is not None else ""
