"""What to change about a query that found nothing: which part to drop, and how a word may have been meant."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, QuerySet, TextField, Value
from django.db.models.functions import Concat

from wiki.matching import Matching, newest_first, words_of
from wiki.models import SearchEntry
from wiki.query_language import Filter, Term

TRIED = 8  # parts of a query that are left out by turns
COUNTED = 1_000
READ = 300  # the newest reviews from whose titles and summaries words are learned
CLOSE = 0.75

_WORD = re.compile(r"[^\W\d_]{4,40}")

Compiled = tuple[str, tuple[Any, ...]]


@dataclass(frozen=True)
class Drop:
    """A part of the query, and how many reviews the rest finds; more than `count` where it is not exact."""

    part: str
    query: str
    count: int
    is_exact: bool


@dataclass(frozen=True)
class Suggestions:
    """Ways on from a query that found nothing; `meant` is the query with words as they may have been meant."""

    drops: list[Drop]
    meant: str = ""


def suggest(matching: Matching) -> Suggestions:
    """Ways on that find something the person may see. At most one query."""
    parts = list(_droppable(matching))[:TRIED]
    words = [term for term in matching.query.terms if not term.negated and _WORD.fullmatch(term.text)][:TRIED]
    statements: list[Compiled] = []
    for number, part in enumerate(parts):
        statements += _counted("drop", number, matching.entries(without=part), COUNTED + 1)
    visible = SearchEntry.objects.visible_to(matching.person)
    for number, term in enumerate(words):
        statements += _counted("word", number, visible.filter(vector=words_of(term)), 1)
    if words:
        statements += _read(visible)
    drops, missing, text = [], set(range(len(words))), ""
    for kind, number, found, read in _rows(statements):
        if kind == "drop" and found:
            part = parts[number]
            written = matching.query.text[part.start : part.end]
            drops.append(Drop(written, matching.query.without(part), min(found, COUNTED), found <= COUNTED))
        elif kind == "word" and found:
            missing.discard(number)
        elif kind == "read":
            text = read
    drops.sort(key=lambda drop: -drop.count)
    return Suggestions(drops, _meant(matching, [words[number] for number in sorted(missing)], text))


def _droppable(matching: Matching) -> Iterator[Term | Filter]:
    """The parts without which more is found: not one of several alternatives, and not all there is."""
    query = matching.query
    if len(query.terms) + len(query.filters) < 2:
        return
    for group in query.groups:
        if len(group) > 1 or len(query.groups) == 1:
            yield from group
    positive = [one.kind for one in query.filters if not one.negated]
    for one in query.filters:
        if one.negated or positive.count(one.kind) == 1:
            yield one


def _counted(kind: str, number: int, entries: "QuerySet[Any, Any]", most: int) -> list[Compiled]:
    try:
        sql, values = entries.order_by().values("pk")[:most].query.sql_with_params()
    except EmptyResultSet:
        return []
    return [(f"SELECT %s, %s, count(*), '' FROM ({sql}) counted", (kind, number, *values))]  # noqa: S608


def _read(visible: "QuerySet[SearchEntry, SearchEntry]") -> list[Compiled]:
    text = Concat(F("title"), Value(" "), F("summary"), output_field=TextField())
    texts = newest_first(visible).values(text=text)[:READ]
    try:
        sql, values = texts.query.sql_with_params()
    except EmptyResultSet:
        return []
    return [(f"SELECT 'read', 0, 0, string_agg(text, ' ') FROM ({sql}) newest", values)]  # noqa: S608


def _rows(statements: list[Compiled]) -> list[tuple[str, int, int, str]]:
    if not statements:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(f"({sql})" for sql, _ in statements),
            [value for _, values in statements for value in values],
        )
        return list(cursor.fetchall())


def _meant(matching: Matching, missing: list[Term], text: str | None) -> str:
    """The query with each word that nothing contains replaced by the nearest that something does; or nothing."""
    vocabulary = sorted({word.lower() for word in _WORD.findall(text or "")})
    query, changed = matching.query, False
    for term in sorted(missing, key=lambda term: -term.start):
        word = term.text.lower()
        lengths = range(len(word) - 2, len(word) + 3)
        near = get_close_matches(word, [known for known in vocabulary if len(known) in lengths], n=1, cutoff=CLOSE)
        if near:
            query, changed = query.spelled(term, near[0]), True
    return query.text if changed else ""
