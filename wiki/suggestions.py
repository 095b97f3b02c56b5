"""What to change about a query that found nothing: which part to drop, and how a word may have been meant."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches

from django.db import connection

from wiki.matching import Matching, Statement, text_of, visible
from wiki.query_language import Filter, Term

TRIED = 8  # parts of a query that are left out by turns
COUNTED = 1_000
READ = 300  # the newest reviews from whose titles and summaries words are learned
CLOSE = 0.75

_WORD = re.compile(r"[^\W\d_]{4,40}")


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
    statements = [
        _counted("drop", number, matching.newest("1", COUNTED + 1, without=part)) for number, part in enumerate(parts)
    ]
    statements += [_known(number, matching, term) for number, term in enumerate(words)]
    if words:
        statements.append(_read(matching))
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


def _counted(kind: str, number: int, source: Statement) -> Statement:
    sql = f"SELECT '{kind}', {number}, count(*), '' FROM ({source.sql}) AS counted WHERE fits"  # noqa: S608
    return Statement(sql, source.values)


def _known(number: int, matching: Matching, term: Term) -> Statement:
    """Whether the term alone finds anything."""
    rule, values = visible("wiki_searchentry", matching.person)
    found = f"SELECT FROM wiki_searchentry WHERE {rule} AND vector @@ phraseto_tsquery('english', %(known{number})s)"
    sql = f"SELECT 'word', {number}, count(*), '' FROM ({found} LIMIT 1) AS found"  # noqa: S608
    return Statement(sql, {**values, f"known{number}": text_of(term)})


def _read(matching: Matching) -> Statement:
    """The text that words are learned from."""
    everything = replace(matching, query=replace(matching.query, groups=(), filters=()))
    newest = everything.newest("incident_id", READ)
    text = "string_agg(title || ' ' || summary, ' ')"
    sql = f"SELECT 'read', 0, 0, {text} FROM ({newest.sql}) AS newest JOIN wiki_searchentry USING (incident_id)"  # noqa: S608
    return Statement(sql, newest.values)


def _rows(statements: list[Statement]) -> list[tuple[str, int, int, str]]:
    if not statements:
        return []
    values = {name: value for statement in statements for name, value in statement.values.items()}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"({statement.sql})" for statement in statements), values)
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
