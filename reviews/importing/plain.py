"""Markdown reduced to the words it shows, for recognising headings and names."""

from __future__ import annotations

import html
import re

_IMAGE = re.compile(r"!\[([^\[\]]{0,300})\]\([^()\s]{0,500}[^()]{0,200}\)")
_LINK = re.compile(r"\[([^\[\]]{0,300})\]\([^()\s]{0,500}[^()]{0,200}\)")
_REFERENCE = re.compile(r"\[([^\[\]]{1,300})\]\[[^\[\]]{0,200}\]")
_ATTRIBUTES = re.compile(r"\s*\{[#.:][^{}]{0,100}\}\s*$")
_EMPHASIS = re.compile(r"(?<![\w*])[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}(?![\w*])")
_MARKED = re.compile(r"[\[\]*_{&]")
_SYMBOLS = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf\ufe0f\u200d]+|:[a-z_]{3,30}:")


def plain(text: str) -> str:
    """The visible words of one line of Markdown: links and emphasis undone, entities resolved."""
    if _MARKED.search(text) is None:
        return " ".join(text.split())
    text = _ATTRIBUTES.sub("", text)
    text = _IMAGE.sub(r"\1", text)
    text = _LINK.sub(r"\1", text)
    text = _REFERENCE.sub(r"\1", text)
    text = _EMPHASIS.sub("", text)
    return " ".join(html.unescape(text).split())


def bare(text: str) -> str:
    """A heading's words for comparison: lower case, no symbols, numbering, brackets or closing punctuation."""
    text = _SYMBOLS.sub(" ", plain(text)).lower().replace("’", "'").replace("`", "")
    text = re.sub(r"^(?:step |section )?[\divx]{1,4}[.)]\s+", "", text)
    text = re.sub(r"\([^()]{0,200}\)|\[[^\[\]]{0,200}\]", " ", text)
    text = re.sub(r"[#*_~\"“”<>|=]+", " ", text)
    return " ".join(text.split()).strip(" :.?!-–—,;")
