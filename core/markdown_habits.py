"""What this site does differently from plain CommonMark: headings' ranks, links, pictures, tasks, tables, footnotes.

Each habit is a step of markdown-it's that rewrites tokens, or a rule that writes one kind of token.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from core.code_blocks import MOST_COLOURED, coloured
from core.safe_html import ATTACHMENT, EXTERNAL_REL, is_external

_TOP = 3  # user text stands below the page's own h1 and h2
_SHORT = 50  # a line break before a word that would still have fitted here was meant
_WIDE = 32  # characters in a line of code that may not fit on a phone, so that the keyboard must be able to scroll
_TASK = re.compile(r"\[([ xX])\](?=\s+\S)")
_LANGUAGE = re.compile(r"[A-Za-z0-9+#-]{1,20}")


def add_habits(parser: MarkdownIt) -> None:
    """Teach `parser` the habits of this site."""
    parser.core.ruler.before("footnote_tail", "repeated_footnotes", _keep_repeated)
    parser.core.ruler.before("footnote_tail", "unmentioned_footnotes", _keep_unmentioned)
    for step in (
        _keep_unused_definitions, _rank_headings, _keep_first_line, _mark_tasks, _settle_links, _break_where_meant,
        _name_alignment,
    ):  # fmt: skip
        parser.core.ruler.push(step.__name__, step)
    for kind, write in _WRITERS.items():
        parser.add_render_rule(kind, write)


def _keep_repeated(state: StateCore) -> None:
    """Set footnotes within footnotes side by side; of two with the same label the second is text where it stands.

    The plugin would lose words of both kinds.
    """
    places: list[list[Token]] = [[]]  # where tokens go: the text, then each open footnote
    repeated: list[bool] = []
    seen: set[str] = set()
    for token in state.tokens:
        if token.type == "footnote_reference_open":
            repeated.append(token.meta["label"] in seen)
            seen.add(token.meta["label"])
            if not repeated[-1]:
                places.append([token])
        elif token.type == "footnote_reference_close":
            if not repeated.pop():
                places[0] += [*places.pop(), token]
        else:
            places[-1].append(token)
    state.tokens = places[0]


def _keep_unmentioned(state: StateCore) -> None:
    """A footnote that nothing mentions is text like any other: it follows the others."""
    notes = state.env.get("footnotes", {})
    for label, number in notes.get("refs", {}).items():
        if number < 0:
            listed = notes.setdefault("list", {})
            notes["refs"][label] = len(listed)
            listed[len(listed)] = {"label": label.removeprefix(":"), "count": 0}


def _keep_unused_definitions(state: StateCore) -> None:
    """`[label]: address` that no link uses was meant as text, and is shown after everything else."""
    inlines = [child for token in state.tokens for child in token.children or []]
    used = {child.attrGet("href") or child.attrGet("src") for child in inlines if child.attrs}
    lines = state.src.split("\n")
    unused = [one for one in state.env.get("references", {}).values() if one["href"] not in used]
    for definition in [*unused, *state.env.get("duplicate_refs", [])]:
        start, end = definition["map"]
        text = _text(" ".join(line.strip(" >\t") for line in lines[start:end]))
        state.tokens += [
            Token("paragraph_open", "p", 1, block=True),
            Token("inline", "", 0, children=[text], content=text.content),
            Token("paragraph_close", "p", -1, block=True),
        ]


def _rank_headings(state: StateCore) -> None:
    """The highest level that the text uses becomes h3, the next h4, and so on down to h6."""
    headings = [token for token in state.tokens if token.type in ("heading_open", "heading_close")]
    ranks = {tag: rank for rank, tag in enumerate(sorted({token.tag for token in headings}))}
    for token in headings:
        token.tag = f"h{min(_TOP + ranks[token.tag], 6)}"


def _keep_first_line(state: StateCore) -> None:
    """Chat tools begin the code right after the marks, where Markdown expects only a language."""
    for token in state.tokens:
        if token.type != "fence" or not (first := token.info.strip()):
            continue
        if not token.content.strip() or not _LANGUAGE.fullmatch(first):
            token.content = f"{first}\n{token.content}"
            token.info = ""


def _mark_tasks(state: StateCore) -> None:
    """`- [x] done` shows its box as a character: nothing to click, since the text is what is stored."""
    for item, paragraph, inline in zip(state.tokens, state.tokens[1:], state.tokens[2:], strict=False):
        if item.type != "list_item_open" or paragraph.type != "paragraph_open" or not inline.children:
            continue
        first = inline.children[0]
        if task := _TASK.match(first.content):
            first.content = ("☐" if task[1] == " " else "☑") + first.content[3:]
            item.attrSet("class", "task")


def _settle_links(state: StateCore) -> None:
    """Links that lead away say so; a picture that lies elsewhere becomes one."""
    for inline in state.tokens:
        if inline.type != "inline" or not inline.children:
            continue
        settled: list[Token] = []
        within = False
        for token in inline.children:
            if token.type == "link_open":
                within = True
                _say_external(token)
            elif token.type == "link_close":
                within = False
                if settled[-1].type == "link_open":  # a link without words shows where it leads
                    settled.append(_text(str(settled[-1].attrGet("href"))))
            elif token.type in ("s_open", "s_close"):
                token.tag = "del"
            settled.extend(_picture(token, within) if token.type == "image" else [token])
        inline.children = settled


def _say_external(link: Token) -> None:
    if is_external(str(link.attrGet("href") or "")):
        link.attrSet("rel", EXTERNAL_REL)


def _picture(image: Token, within_link: bool) -> list[Token]:
    """A picture that is kept here stays one; of another the words remain, leading to it unless they lead elsewhere."""
    address = str(image.attrGet("src") or "")
    if ATTACHMENT.fullmatch(address):
        image.attrSet("loading", "lazy")
        return [image]
    words = _text(image.content.strip() or address.rstrip("/").rsplit("/", 1)[-1] or address)
    if within_link:
        return [words]
    attributes = {"class": "image-link", "href": address}
    if title := image.attrGet("title"):
        attributes["title"] = str(title)
    opening = Token("link_open", "a", 1, attrs=dict(attributes))
    _say_external(opening)
    return [opening, words, Token("link_close", "a", -1)]


def _text(words: str) -> Token:
    return Token("text", "", 0, content=words)


def _break_where_meant(state: StateCore) -> None:
    """A line break shows where the next word would still have fitted: nobody's editor has wrapped the line there."""
    for inline in state.tokens:
        children = inline.children or []
        length = 0
        for token, following in pairwise(children):
            if token.type == "softbreak":
                word = following.content[: _SHORT + 1].split(" ", 1)[0]
                if length + 1 + len(word) <= _SHORT:
                    token.type, token.tag = "hardbreak", "br"
                length = 0
            elif token.type == "hardbreak":
                length = 0
            else:
                length += len(token.content)


def _name_alignment(state: StateCore) -> None:
    """Alignment as a class: the page's policy lets no style attribute through."""
    for token in state.tokens:
        if token.type in ("th_open", "td_open") and (style := token.attrs.pop("style", None)):
            side = str(style).removeprefix("text-align:")
            if side in ("center", "right"):
                token.attrSet("class", f"is-{side}")


def _note(number: int, env: Any) -> str:
    return f"md-{env['docId']}-fn-{number + 1}"


def _write_table_open(self: Any, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    return '<div class="table-scroll" tabindex="0">\n<table>\n'


def _write_table_close(self: Any, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    return "</table>\n</div>\n"


def _write_mention(self: Any, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    number, again = tokens[place].meta["id"], tokens[place].meta.get("subId", 0)
    name = "" if again else f' id="{_note(number, env)}-ref"'
    return f'<sup class="footnote-ref"{name}><a href="#{_note(number, env)}">{number + 1}</a></sup>'


def _write_notes_open(self: Any, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    return '<div class="footnotes">\n<ol>\n'


def _write_notes_close(self: Any, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    return "</ol>\n</div>\n"


def _write_note_open(self: Any, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    return f'<li id="{_note(tokens[place].meta["id"], env)}">'


def _write_way_back(self: Any, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    number, again = tokens[place].meta["id"], tokens[place].meta.get("subId", 0)
    if again or not env["footnotes"]["list"][number].get("count"):
        return ""
    return f'<a class="footnote-back" href="#{_note(number, env)}-ref" title="Back to the text">↩</a>'


def _write_code(self: Any, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    code, language = tokens[place].content, tokens[place].info.strip().lower()
    named = f' class="language-{escapeHtml(language)}"' if language else ""
    scrolls = ' tabindex="0"' if any(len(line) > _WIDE for line in code.split("\n")) else ""
    made = coloured(code, language, MOST_COLOURED - env.get("coloured", 0))
    if made:
        env["coloured"] = env.get("coloured", 0) + len(code)
    return f"<pre{scrolls}><code{named}>{made or escapeHtml(code)}</code></pre>\n"


_WRITERS = {
    "code_block": _write_code,
    "fence": _write_code,
    "footnote_anchor": _write_way_back,
    "footnote_block_close": _write_notes_close,
    "footnote_block_open": _write_notes_open,
    "footnote_open": _write_note_open,
    "footnote_ref": _write_mention,
    "table_close": _write_table_close,
    "table_open": _write_table_open,
}
