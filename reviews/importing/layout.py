"""Marks of static site generators that lay a page out and say nothing to its reader."""

from __future__ import annotations

import re

_LAYING_OUT = re.compile(
    r"\s*(?:\{:[^{}]{0,200}\}"  # attributes of the block beside it, as kramdown writes them
    r"|(?:\{%-?|\{\{[<%])\s*(?:/\s*\w+|toc|tableofcontents|more|br|clear)\s*(?:-?%\}|[>%]\}\})"
    r"|\{\{\s*(?:toc|content)\s*\}\}|\[\[_?TOC_?\]\]|\[TOC\])\s*"
)
_TAG = re.compile(r"\{%.{0,200}?%\}|\{\{.{0,200}?\}\}|<%.{0,200}?%>")
_SAID = re.compile(r"\"([^\"]+)\"|“([^”]+)”")


def only_lays_out(text: str) -> bool:
    """Whether a line holds such a mark and nothing else. Marks that may hold or stand for words are not among them."""
    return len(text) < 300 and _LAYING_OUT.fullmatch(text) is not None


def without_tags(title: str) -> str:
    """A title without the tags of a template in it; what stands in quotes in them stays."""
    said = _TAG.sub(lambda tag: " ".join(" ".join(words) for words in _SAID.findall(tag[0])), title)
    return " ".join(said.split()).strip(" -–—:") if said != title else title
