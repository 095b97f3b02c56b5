"""What classes mean in a page of Google Docs: bold, italic, struck through, typed in a fixed width."""

import re
from xml.etree.ElementTree import Element

from reviews.importing.html.tree import name_of

_RULE = re.compile(r"\.([\w-]+)\{([^{}]{0,2000})\}")
_LIST = re.compile(r"\blst-(kix_\w+|\w+)-(\d)\b")
_FIXED = re.compile(r"font-family:[^;]*(?:mono|courier|consolas|menlo)", re.IGNORECASE)

Styles = dict[str, frozenset[str]]


def styles_of(tree: Element) -> Styles:
    """Marks by class name, from the page's own style sheets."""
    found: Styles = {}
    for element in tree.iter():
        if name_of(element) == "style":
            for name, rule in _RULE.findall((element.text or "")[:500_000]):
                if marks := marks_of(rule):
                    found[name] = marks
    return found


def marks_of(rule: str) -> frozenset[str]:
    """The marks that declarations stand for."""
    tight = rule.replace(" ", "").lower()
    marks = set()
    if re.search(r"font-weight:(?:bold|[6-9]00)", tight):
        marks.add("bold")
    if "font-style:italic" in tight:
        marks.add("italic")
    if re.search(r"text-decoration(?:-line)?:[^;]*line-through", tight):
        marks.add("struck")
    if _FIXED.search(rule):
        marks.add("code")
    return frozenset(marks)


def level_of(element: Element) -> int | None:
    """How deep a list of Google Docs stands, which writes nested lists beside each other; None for other lists."""
    found = _LIST.search(element.get("class") or "")
    return int(found[2]) if found else None
