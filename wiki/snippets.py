"""Snippets: the place of a review's text where the sought words stand, marked, and safe to show.

PostgreSQL finds the place. Its parser would drop `<a>` as a tag and takes `a/b` or a word in curly quotes for one
word, so bodies are stored with such signs `disguised`, and come back as they were. The words are escaped here, whatever
they are, before the marks become HTML.
"""

import html
import operator
import re
from collections.abc import Sequence
from functools import reduce
from typing import Any

from django.contrib.postgres.search import SearchHeadline, SearchQuery
from django.db.models import F, Func
from django.db.models.functions import Left
from django.utils.safestring import SafeString

from wiki.indexing import shortened
from wiki.searchable import restored

READ = 20_000  # characters of a body in which a place is looked for
_START, _STOP = "\x02", "\x03"
_BETWEEN = re.compile(f"{_STOP}([ -]){_START}")  # words of a phrase are marked together
LENGTH = 300


def headline(sought: Sequence[str]) -> Func:
    """The place as an expression, to be annotated to the few entries of a page; `snippet` makes it presentable."""
    return SearchHeadline(
        Left(F("text__body"), READ),
        reduce(operator.or_, (SearchQuery(text, config="english", search_type="phrase") for text in sought)),
        config="english",
        start_sel=_START,
        stop_sel=_STOP,
        max_fragments=2,
        fragment_delimiter=" … ",
        max_words=17,
        min_words=8,
    )


def snippet(found: str, summary: str) -> SafeString | str:
    """HTML of what `headline` found, or the summary, with which every body begins, where it marked nothing."""
    if _START not in found:
        return summary
    bare = restored(found.replace(_START, "").replace(_STOP, ""))
    if bare[:40] != summary[: len(bare[:40])] and not bare.startswith(summary):
        found = f"… {found}"
    found = _BETWEEN.sub(r"\1", found)
    safe: list[str] = []
    marked = False
    for part in _pieces(shortened_around_mark(found)):
        if part in (_START, _STOP):
            if marked != (part == _START):
                safe.append("<mark>" if part == _START else "</mark>")
                marked = part == _START
        else:
            safe.append(html.escape(restored(part)))
    if marked:
        safe.append("</mark>")
    return SafeString("".join(safe))


def shortened_around_mark(found: str) -> str:
    """Words can be as long as a log line: then what stands before the first mark gives way, and the end."""
    start = found.index(_START)
    if start > LENGTH // 2:
        found = "…" + found[start - LENGTH // 3 :]
    return shortened(found, LENGTH)


def _pieces(text: str) -> list[Any]:
    return text.replace(_START, f"\x00{_START}\x00").replace(_STOP, f"\x00{_STOP}\x00").split("\x00")
