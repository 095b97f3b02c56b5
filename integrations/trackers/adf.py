"""Atlassian Document Format, in which Jira Cloud keeps descriptions."""

import re
from collections.abc import Iterator
from typing import Any

_LINK = re.compile(r"https?://[^\s<>()\[\]]+[^\s<>()\[\].,;:!?]")


def document(text: str) -> dict[str, Any]:
    """Plain text: a paragraph for each, with its links."""
    paragraphs = [part for part in re.split(r"\n\s*\n", text) if part.strip()]
    content = [{"type": "paragraph", "content": list(_inline(part.strip()))} for part in paragraphs]
    return {"type": "doc", "version": 1, "content": content}


def words(found: Any) -> str:
    """All the text of a document, or of what an older Jira keeps as text."""
    if isinstance(found, str):
        return found
    if isinstance(found, list):
        return " ".join(words(one) for one in found)
    if isinstance(found, dict):
        return " ".join([str(found.get("text") or ""), words(found.get("content"))])
    return ""


def _inline(text: str) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(text.split("\n")):
        if number:
            yield {"type": "hardBreak"}
        end = 0
        for link in _LINK.finditer(line):
            if line[end : link.start()]:
                yield {"type": "text", "text": line[end : link.start()]}
            yield {"type": "text", "text": link[0], "marks": [{"type": "link", "attrs": {"href": link[0]}}]}
            end = link.end()
        if line[end:]:
            yield {"type": "text", "text": line[end:]}
