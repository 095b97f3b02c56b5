"""HTML as parsers see it."""

import re

import html5lib
from selectolax.lexbor import LexborHTMLParser

_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")
_VOID = {"br", "hr", "img"}
_FRAME = {"html", "head", "body"}

Element = tuple[str, dict[str, str]]


def by_html5lib(made: str) -> list[Element]:
    """Every element with its attributes."""
    tree = html5lib.parse(made, namespaceHTMLElements=False)
    return [(str(one.tag), dict(one.attrib)) for one in tree.iter() if one.tag not in _FRAME]


def by_lexbor(made: str) -> list[Element]:
    """The same, seen by a parser that shares no code with bleach."""
    root = LexborHTMLParser(made).root
    assert root is not None
    found = [(one.tag or "", {k: v or "" for k, v in one.attributes.items()}) for one in root.traverse()]
    return [(tag, attributes) for tag, attributes in found if tag not in _FRAME]


def elements(made: str, tag: str) -> list[dict[str, str]]:
    """The attributes of each element of that name."""
    return [attributes for name, attributes in by_html5lib(made) if name == tag]


def shown(made: str) -> str:
    """The text of `made` between and within its elements."""
    return "".join(html5lib.parse(made, namespaceHTMLElements=False).itertext())


def tags(made: str) -> str:
    """The tags of `made` with their attributes, without the words between them."""
    return "".join(found[0] for found in _TAG.finditer(made))


def unbalanced(made: str) -> str:
    """The first tag that closes nothing or stays open, or an angle bracket outside of a tag; else empty."""
    if stray := re.search(r"[<>]", _TAG.sub("", made)):
        return f"stray {stray[0]}"
    open_tags: list[str] = []
    for closing, tag in _TAG.findall(made):
        if tag in _VOID:
            continue
        if not closing:
            open_tags.append(tag)
        elif not open_tags or open_tags.pop() != tag:
            return f"</{tag}>"
    return f"<{open_tags[-1]}>" if open_tags else ""
