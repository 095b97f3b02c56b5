"""A page as Markdown: its title, then what it says."""

import re
from urllib.parse import quote
from xml.etree.ElementTree import Element

from reviews.importing.html.blocks import Blocks
from reviews.importing.html.confluence import ATTACHED
from reviews.importing.html.inline import Inline
from reviews.importing.html.styles import styles_of
from reviews.importing.html.tree import body_of, first, name_of, words_of

_SPACE = re.compile(r"^.{1,80}? : (?=\S)")  # how Confluence titles the pages of a space


def as_markdown(text: str) -> str:
    """The HTML `text` as Markdown. Its headings stand below its title; files attached to it are called by name."""
    tree = body_of(text)
    content = _main(tree)
    title = _title(tree, content)
    inline = Inline(styles_of(tree), _beside)
    headings = [name_of(one) for one in content.iter() if re.fullmatch(r"h[1-6]", name_of(one))]
    deeper = 1 if title and "h1" in headings else 0
    blocks = [block for block in Blocks(inline, deeper).below(content) if block.strip()]
    if title and blocks and blocks[0].lstrip("# ").strip() == title and blocks[0].startswith("#"):
        blocks.pop(0)
    notes = [block for block in blocks if block.startswith("[^")]
    blocks = [block for block in blocks if not block.startswith("[^")] + notes
    lead = [f"# {title}"] if title else []
    return "\n\n".join([*lead, *blocks]) + "\n"


def _beside(address: str) -> str:
    return quote(address.removeprefix(ATTACHED)) if address.startswith(ATTACHED) else address


def _main(tree: Element) -> Element:
    """The part of a page that is the write-up: Confluence puts its own pages around it."""
    for one in tree.iter():
        if one.get("id") == "main-content":
            return one
    return first(tree, "main") or first(tree, "article") or first(tree, "body") or tree


def _title(tree: Element, content: Element) -> str:
    """A title in the text before that of the window."""
    for one in list(content.iter()):
        if name_of(one) == "p" and "title" in (one.get("class") or "").split() and (words := words_of(one)):
            _empty(one)
            return words
    heads = [one for one in content.iter() if name_of(one) == "h1"]
    if len(heads) == 1 and (words := words_of(heads[0])):
        _empty(heads[0])
        return words
    window = first(tree, "title")
    if window is None:
        return ""
    return _SPACE.sub("", words_of(window)) if content.get("id") == "main-content" else words_of(window)


def _empty(element: Element) -> None:
    """Take out what the element holds; what follows it stays."""
    element.tag, element.text = "p", None
    element[:] = []
