"""Markdown to safe HTML."""

import html
import re

import bleach
import markdown

TAGS = [
    "a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "div", "dl", "dt", "em", "h3", "h4", "h5", "h6", "hr",
    "i", "li", "ol", "p", "pre", "span", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
]  # fmt: skip
ATTRIBUTES = {"a": ["href", "title"], "ol": ["start"]}


def render(text: str, prefix: str = "") -> str:
    """Safe HTML of `text`."""
    source = html.escape(text.replace("\x00", "\ufffd"), quote=False)
    try:
        made = markdown.markdown(source, extensions=["tables", "fenced_code", "sane_lists"], output_format="html")
    except RecursionError:
        made = f"<pre>{source}</pre>"
    made = re.sub(r"<(/?)h[12]>", r"<\1h3>", made)
    return str(bleach.clean(made, tags=TAGS, attributes=ATTRIBUTES, protocols=["http", "https", "mailto"]))


def plain_text(text: str) -> str:
    """The words of `text` without markup."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", render(text))).split())
