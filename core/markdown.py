"""Markdown to safe HTML: CommonMark with GitHub's habits, then an allow-list over all of it.

Raw HTML is not HTML here: it shows as the text it is. A picture from elsewhere is a link, since pages load nothing
from other sites. Why these libraries: docs/decisions/0002-markdown.md.
"""

import html
import logging
import re
import threading
from collections.abc import Iterator
from hashlib import blake2b

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from core.markdown_habits import add_habits
from core.safe_html import clean, safe_address
from core.text import storable

logger = logging.getLogger(__name__)

# A text is shown as typed when it holds more marks than this, and line ends: a dump of data rather than prose. Each of
# them costs some 20 microseconds; two megabytes of real write-ups hold some 70,000.
MOST_MARKS = 150_000
DEEPEST = 20  # quotes and lists within each other; markdown-it would leave out what is deeper
LONG = 100_000
_COSTLY = re.compile(r"[&<>*_`\[\]|~\n]|(?:[-+]|\d[.)]) ")
_A_TIME = 50_000  # characters of HTML that are cleaned at once
_SPACES = re.compile("[\x0b\x0c\x1c-\x1f]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1b]")
_MARKUP = re.compile(r"[\\`*_\[<>&~|\n\t]|://|\A\s|\A(?:#|[-+](?:\s|\Z)|\d{1,9}[.)](?:\s|\Z))", re.IGNORECASE)
_FOOTNOTE_MARK = re.compile(r'<sup class="footnote-ref".*?</sup>|<a class="footnote-back".*?</a>')
_WITHIN_WORDS = re.compile(r"</?(?:a|code|del|em|span|strong)\b(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")
_TAG = re.compile(r"<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")

_threads = threading.local()


def render(text: str) -> str:
    """Safe HTML of `text`; its headings begin at h3. Never raises: what cannot be rendered shows as typed."""
    text = _readable(text)
    if not _MARKUP.search(text):
        return f"<p>{text.rstrip()}</p>" if text else ""
    if len(text) > LONG and len(_COSTLY.findall(text)) > MOST_MARKS:
        return _as_typed(text)
    try:
        return "".join(clean(part) for part in _parts(text)).rstrip("\n")
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


def _parts(text: str) -> Iterator[str]:
    """The blocks as HTML not yet cleaned, some at a time."""
    parser: MarkdownIt | None = getattr(_threads, "parser", None)
    if parser is None:
        parser = _threads.parser = _parser()
    # Texts stand side by side on a page, so the ids of their footnotes must differ.
    env = {"docId": blake2b(text.encode(), digest_size=4).hexdigest()}
    tokens = parser.parse(text, env)
    if any(token.level >= DEEPEST for token in tokens):
        yield _as_typed(text)
        return
    made, room = "", _A_TIME
    for block in _blocks(tokens):
        made += parser.renderer.render(block, parser.options, env)
        if len(made) > room:
            yield made
            made = ""
    yield made


def _blocks(tokens: list[Token]) -> Iterator[list[Token]]:
    """The tokens of each outermost block."""
    block: list[Token] = []
    depth = 0
    for token in tokens:
        block.append(token)
        depth += token.nesting
        if depth == 0:
            yield block
            block = []
    yield block


def _may_link_to(url: str) -> bool:
    return safe_address(url) is not None


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": True, "maxNesting": DEEPEST + 2})
    parser.enable(["table", "strikethrough", "linkify"]).use(footnote_plugin, inline=False)
    if parser.linkify is not None:
        # Only what says http(s):// itself: main.py, install.sh and README.md are files, not sites.
        parser.linkify.set({"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})
    parser.validateLink = _may_link_to  # type: ignore[method-assign]
    add_habits(parser)
    return parser
