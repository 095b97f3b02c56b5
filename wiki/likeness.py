"""How alike reviews are: the terms that two of them share, each the heavier the rarer it is and the more they use it.

Bounded, whatever the number of reviews: the heaviest terms lead to candidates, and only the nearest of these are
compared whole. The measure is that of full-text retrieval: logarithm of how often, times logarithm of how rare, for
the length of the text. Its figures and how they were chosen: docs/decisions/0009-similar-reviews.md.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import log
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, F, Func
from django.db.models.expressions import RawSQL

from accounts.models import Person
from wiki.models import Listed
from wiki.searchable import searchable
from wiki.term_counts import ALL, counts_of, marks_of

HEAVIEST = 40  # terms that lead to candidates
FOUND = 3_000  # at most so many times, as counted
COMPARED = 120  # of these the nearest, compared by all their terms
TERMS = 400  # of a text, the heaviest
COMMON = 0.25  # of all reviews; a word that more of them have is not named as what two have in common
FEW = 5  # that have a word are not too many, however few reviews there are
MARK = 4.0  # a service or a cause counts as a word that is very frequent in both
SEVERITY = 1.0
SLOPE = 0.3  # how much the length of a text is made up for

_NO_WORD = re.compile(r"[\d.,:;/%+-]*")
# Stems of days and months: that two incidents happened in May makes them no more alike.
_CALENDAR = re.compile(
    r"mon(day)?|tue(sday)?|wed(nesday)?|thu(rsday)?|fri(day)?|sat(urday)?|sun(day)?|jan(uari)?|feb(ruari)?|mar(ch)?"
    r"|apr(il)?|may|june?|juli?|aug(ust)?|sep(temb)?|oct(ob)?|nov(emb)?|dec(emb)?"
)

# Title, summary, services and conditions are told briefly: a word there counts twice.
_TIMES = "cardinality(word.positions) + cardinality(array_remove(word.weights, 'D'))"
_WORDS_OF_ENTRY = f"""
    SELECT word.lexeme, {_TIMES} FROM wiki_searchentry AS entry, unnest(entry.vector) AS word
    WHERE entry.incident_id = %s AND word.lexeme <> ALL (tsvector_to_array(to_tsvector('english', %s)))
"""  # noqa: S608
_WORDS_OF_TEXTS = f"""
    SELECT word.lexeme, {_TIMES}
    FROM unnest(setweight(to_tsvector('english', %s), 'A') || to_tsvector('english', %s)) AS word
    WHERE word.lexeme <> ALL (tsvector_to_array(to_tsvector('english', %s)))
"""  # noqa: S608
_SCORED = f"""
    WITH term AS MATERIALIZED (SELECT * FROM unnest(%s::text[], %s::float8[]) AS term (lexeme, weight)),
    heavy AS MATERIALIZED (SELECT * FROM unnest(%s::text[], %s::float8[]) AS heavy (query, weight)),
    hit AS (
        SELECT entry.pk, heavy.weight FROM heavy CROSS JOIN LATERAL (
            SELECT incident_id AS pk FROM wiki_searchentry WHERE vector @@ heavy.query::tsquery LIMIT {FOUND}
        ) AS entry
        UNION ALL (
            SELECT incident_id, %s FROM wiki_listed WHERE service_ids && %s::bigint[] AND cause_ids && %s::bigint[]
            ORDER BY occurred_at DESC, incident_id DESC LIMIT {COMPARED // 2}
        )
    ),
    found AS MATERIALIZED (SELECT pk, sum(weight) AS weight FROM hit WHERE pk <> %s GROUP BY pk),
    readable (pk) AS MATERIALIZED ({{readable}}),
    nearest AS MATERIALIZED (
        SELECT found.pk FROM found JOIN readable USING (pk)
        ORDER BY found.weight DESC, found.pk DESC LIMIT {COMPARED}
    ),
    shared AS (
        SELECT nearest.pk, sum(term.weight * ln(1 + {_TIMES})) AS weight
        FROM nearest JOIN wiki_searchentry AS entry ON entry.incident_id = nearest.pk, unnest(entry.vector) AS word
        JOIN term ON term.lexeme = word.lexeme GROUP BY nearest.pk
    )
    SELECT nearest.pk, coalesce(shared.weight, 0), length(entry.vector),
        entry.service_ids, entry.cause_ids, entry.severity
    FROM nearest JOIN wiki_searchentry AS entry ON entry.incident_id = nearest.pk LEFT JOIN shared USING (pk)
"""  # noqa: S608


@dataclass(frozen=True)
class Subject:
    """What others are compared with: a review, by its key, and what it says. `times` counts its words."""

    incident: int
    services: list[int]
    causes: list[int]
    severity: str
    times: Mapping[str, int]


@dataclass(frozen=True)
class Alike:
    """A published review, and how like the subject it is; 1 for the same text."""

    incident: int
    score: float
    services: list[int]
    causes: list[int]
    severity: str


@dataclass
class Weights:
    """What the subject's terms weigh: words, and marks (services, causes, severity).

    `leading` are the words that lead to candidates, `telling` those that say something of two reviews that have them.
    """

    words: dict[str, float] = field(default_factory=dict)
    marks: dict[str, float] = field(default_factory=dict)
    leading: list[str] = field(default_factory=list)
    telling: dict[str, float] = field(default_factory=dict)
    own: float = 0.0

    @property
    def recurring(self) -> float:
        """What a service and a cause weigh together, at least."""
        kinds = ([one for mark, one in self.marks.items() if mark.startswith(kind)] for kind in ("service", "cause"))
        return sum(min(kind, default=0.0) for kind in kinds)


def words_of_entry(incident: int, names: Iterable[str]) -> dict[str, int]:
    """How often a published review has each word, without `names` of people. One query."""
    return _words(_WORDS_OF_ENTRY, incident, searchable("\n".join(names)))


def words_of_texts(heading: str, text: str, names: Iterable[str]) -> dict[str, int]:
    """How often texts have each word; those of `heading` count twice. One query."""
    return _words(_WORDS_OF_TEXTS, heading, text, searchable("\n".join(names)))


def nearest_to(subject: Subject, weights: Weights, person: Person | None) -> list[Alike]:
    """The published reviews that are most like the subject, the nearest first; those that `person` may see, or all
    where that is None. One query.
    """
    if not weights.words and not (subject.services and subject.causes):
        return []
    rows = _scored(subject, weights, person)
    average = sum(length for _, _, length, *_ in rows) / len(rows) if rows else 1.0
    alike = [
        Alike(pk, _score(subject, weights, shared, length, marks_of(*marks), average), *marks)
        for pk, shared, length, *marks in rows
    ]
    return sorted(alike, key=lambda one: (-one.score, -one.incident))


def weights_of(subject: Subject) -> Weights:
    """How rare each term is, times how much the subject uses it. One query."""
    marks = marks_of(subject.services, subject.causes, subject.severity)
    counts = counts_of([ALL, *marks, *subject.times])
    reviews = counts.get(ALL, 0)

    def rarity(term: str) -> float:
        return log(1 + reviews / max(counts.get(term, 0), 1))

    weighed = {word: log(1 + times) * rarity(word) for word, times in subject.times.items() if _says_something(word)}
    words = dict(sorted(weighed.items(), key=lambda one: (-one[1], one[0]))[:TERMS])
    weights = Weights(words=words)
    weights.marks = {mark: (SEVERITY if mark.startswith("severity") else MARK) * rarity(mark) for mark in marks}
    weights.own = sum(weight * log(1 + subject.times[word]) for word, weight in words.items())
    weights.own += sum(weights.marks.values())
    common = max(reviews * COMMON, FEW)
    weights.telling = {word: weight for word, weight in words.items() if counts.get(word, 0) <= common}
    left = FOUND
    for word in words:
        if len(weights.leading) == HEAVIEST:
            break
        if 0 < counts.get(word, 0) <= left:
            weights.leading.append(word)
            left -= counts[word]
    return weights


def _words(sql: str, *values: str | int) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return dict(cursor.fetchall())


def _says_something(word: str) -> bool:
    """Numbers, marks and dates say little of how two incidents are alike."""
    return not _CALENDAR.fullmatch(word) and not _NO_WORD.fullmatch(word)


def _scored(subject: Subject, weights: Weights, person: Person | None) -> list[tuple[Any, ...]]:
    listed = Listed.objects.all() if person is None else Listed.objects.visible_to(person)
    # As an array: PostgreSQL would read all rows to compare them with a set.
    found = listed.filter(_IsOneOf(F("pk"), RawSQL("ARRAY(SELECT pk FROM found)", []))).values("pk")
    try:
        readable, access = found.query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            _SCORED.format(readable=readable),
            [
                list(weights.words), list(weights.words.values()),
                [_query(word) for word in weights.leading], [weights.words[word] for word in weights.leading],
                weights.recurring, subject.services, subject.causes, subject.incident, *access,
            ],
        )  # fmt: skip
        return cursor.fetchall()


class _IsOneOf(Func):
    """`key = ANY(array)`."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY("
    output_field = BooleanField()


def _query(word: str) -> str:
    """A word of the index as a query of PostgreSQL."""
    return "'{}'".format(word.replace("\\", "\\\\").replace("'", "''"))


def _score(subject: Subject, weights: Weights, shared: float, length: int, marks: list[str], average: float) -> float:
    if not weights.own:
        return 0.0
    shared += sum(weights.marks.get(mark, 0.0) for mark in marks)
    return min(shared / weights.own * _for_length(len(subject.times), average) / _for_length(length, average), 1.0)


def _for_length(length: int, average: float) -> float:
    return (1 - SLOPE) + SLOPE * length / average
