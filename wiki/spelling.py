"""How words that nothing has may have been meant: by the words and names one slip away that the reader may know of."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from accounts.access import PUBLISHED_STATES
from accounts.models import Person
from core.query_language import Filter, Query, Term
from incidents.models import Visibility
from wiki.models import Word
from wiki.slips import likelihood
from wiki.vocabulary import SHORTEST, keys_of, spelt

ASKED = 16  # words of a query that are looked up
SHOWN = 3  # readings of a query that are offered
CLOSE = 5.0  # a reading less likely than the best by more than this power of two is not offered
NAMED = ("service", "team", "cause")

_SPELT = re.compile(r"[^\W_]+(?:[-_'’.][^\W_]+)*")
_PART = re.compile(r"[^\W_]+")
_ENDINGS = {"s", "es", "d", "ed", "ing", "ly", "er", "'s"}

# Only words that are not known to everyone are compared with others. The keys are an array that is made once, before
# the index on them is read. The last column is 0 for what everyone may know.
_FOUND = f"""
    SELECT word, reviews, CASE WHEN witness_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM wiki_listed WHERE incident_id = witness_id
        AND visibility = '{Visibility.INTERNAL}' AND status IN {PUBLISHED_STATES}
    ) THEN witness_id ELSE 0 END AS closed FROM wiki_word
"""  # noqa: S608
SQL = f"""
SELECT * FROM (
    WITH asked AS MATERIALIZED (SELECT * FROM unnest(%s::text[], %s::text[]) AS a (word, key)),
    known AS MATERIALIZED ({_FOUND} WHERE word = ANY (%s::text[])),
    near AS MATERIALIZED (
        {_FOUND} WHERE keys && ARRAY(
            SELECT key FROM asked WHERE word NOT IN (SELECT known.word FROM known WHERE closed = 0)
        )
    )
    SELECT 'spelt known', word, '', '', ARRAY[reviews]::bigint[], closed FROM known
    UNION ALL
    SELECT 'spelt near', word, '', '', ARRAY[reviews]::bigint[], closed FROM near
    UNION ALL
    SELECT 'spelt service', word, slug, '', ARRAY[]::bigint[], 0
    FROM near JOIN catalog_service ON slug = word OR lower(name) = word
        OR id IN (SELECT service_id FROM catalog_servicealias WHERE lower(name) = word)
    UNION ALL
    SELECT 'spelt team', word, slug, '', ARRAY[]::bigint[], 0
    FROM near JOIN catalog_team ON slug = word OR lower(name) = word
    UNION ALL
    SELECT 'spelt cause', word, slug, '', ARRAY[]::bigint[], 0
    FROM near JOIN catalog_causecategory ON slug = word OR lower(name) = word
) AS spelling
"""  # noqa: S608

Row = tuple[str, str, str, str, list[int], int]


@dataclass(frozen=True)
class Asked:
    """A word or a name of a query: as it is written in its part, and as the vocabulary would have it."""

    part: Term | Filter
    written: str
    word: str


@dataclass(frozen=True)
class Spelling:
    """What the vocabulary has of the words of a query and near them: with how many reviews have it."""

    known: frozenset[str]
    near: Mapping[str, int]
    names: Mapping[tuple[str, str], str]  # the slug of a name, by the kind of filter


NOTHING = Spelling(frozenset(), {}, {})


def asked_of(query: Query) -> list[Asked]:
    """The words and names of a query that can be looked up."""
    return [one for one in _asked(query) if len(one.word) >= SHORTEST][:ASKED]


def compiled(asked: Iterable[Asked]) -> tuple[str, list[Any]]:
    """SQL that looks them up, with its values; `spelling_of` reads its rows."""
    words: set[str] = set()
    pairs: set[tuple[str, str]] = set()
    for one in asked:
        parts = {one.word, *_PART.findall(one.word)}
        words |= parts
        # The value of a filter may be a known word and no name at all: it is looked up under no word.
        pairs |= {(word if isinstance(one.part, Term) else "", key) for word in parts for key in keys_of(word)}
    ordered = sorted(pairs)
    return SQL, [[word for word, _ in ordered], [key for _, key in ordered], sorted(words)]


def spelling_of(rows: Iterable[Row], person: Person) -> Spelling:
    """What `person` may know of it. One query, where a word stands only in reviews that not everyone may read."""
    words = [row for row in rows if row[0] in ("spelt known", "spelt near")]
    closed = {row[1] for row in words if row[5]}
    visible: set[str] = set()
    if closed:
        visible = {*Word.objects.visible_to(person).filter(word__in=closed).values_list("word", flat=True)}
    told = [row for row in words if row[1] not in closed or row[1] in visible]
    return Spelling(
        frozenset(row[1] for row in told if row[0] == "spelt known"),
        {row[1]: row[4][0] for row in told if row[0] == "spelt near"},
        {(kind, row[1]): row[2] for row in rows for kind in NAMED if row[0] == f"spelt {kind}"},
    )


def readings(query: Query, asked: Iterable[Asked], spelling: Spelling, *, found: bool) -> list[str]:
    """The query as it may have been meant, the likeliest reading first; none where all its words are known.

    `asked` holds the words that are open to doubt. Where something was `found`, a word that is only another form of a
    known one is left alone: it was sought as that one.
    """
    chosen = [(one, near) for one in asked if (near := _nearest(one, spelling, found))]
    if not chosen:
        return []
    best = [(one, near[0]) for one, near in chosen]
    changes = [best]
    for place, (one, near) in enumerate(chosen):
        changes += [[*best[:place], (one, other), *best[place + 1 :]] for other in near[1:]]
    offered: dict[str, str] = {}
    for change in changes:
        text = _changed(query.text, change)
        offered.setdefault(" ".join(_PART.findall(text)), text)  # the same is found with a hyphen or without
    return [*offered.values()][:SHOWN]


def _asked(query: Query) -> Iterator[Asked]:
    for term in query.terms:
        if not term.negated:
            yield from (Asked(term, written, spelt(written)) for written in _SPELT.findall(term.text))
    for one in query.filters:
        if one.kind in NAMED:
            yield Asked(one, one.value, spelt(one.value))


def _nearest(one: Asked, spelling: Spelling, found: bool) -> list[str]:
    """What to write instead, the likeliest first; nothing where the word is known."""
    if isinstance(one.part, Filter):
        names = {name: slug for (kind, name), slug in spelling.names.items() if kind == one.part.kind}
        return list(dict.fromkeys(names[name] for name in _likely(one.word, dict.fromkeys(names, 0))))
    parts = _PART.findall(one.word)
    if one.word in spelling.known:
        return []
    whole = _likely(one.word, spelling.near)
    if len(parts) > 1 and all(part in spelling.known or not _is_word(part) for part in parts):
        return [name for name in whole if len(_PART.findall(name)) > 1]
    if whole and found and any(_is_form(one.word, known) for known in whole):
        return []
    if whole or len(parts) < 2:
        return whole
    mended = one.word
    for part in parts:
        if part not in spelling.known and (near := _likely(part, spelling.near)):
            mended = mended.replace(part, near[0], 1)
    return [mended] if mended != one.word else []


def _likely(word: str, near: Mapping[str, int]) -> list[str]:
    rated = {known: rate for known, reviews in near.items() if (rate := likelihood(word, known, reviews)) is not None}
    best = sorted(rated, key=lambda known: (-rated[known], known))[:SHOWN]
    return [known for known in best if rated[known] > rated[best[0]] - CLOSE]


def _is_word(part: str) -> bool:
    return len(part) >= SHORTEST and part.isalpha()


def _is_form(word: str, known: str) -> bool:
    """Whether one is the other with an ending, which the search takes off."""
    short, long = sorted((word, known), key=len)
    return long.startswith(short) and long[len(short) :] in _ENDINGS


def _changed(text: str, changes: Iterable[tuple[Asked, str]]) -> str:
    """The text of the query with each word written as it may have been meant."""
    for one, meant in sorted(changes, key=lambda change: -change[0].part.start):
        part = one.part
        start = text.index(":", part.start) if isinstance(part, Filter) else part.start
        text = text[:start] + text[start : part.end].replace(one.written, meant, 1) + text[part.end :]
    return text
