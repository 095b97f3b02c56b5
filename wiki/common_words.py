"""Which words two reviews share, as people write them: "connection pool", not the stems of the index."""

import re
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

from django.db import connection

from wiki.searchable import searchable

MOST = 4  # words or pairs that are named
CONSIDERED = 16  # of the shared words, the heaviest
READ = 30_000  # characters of the subject in which its words are looked up

_WORD = re.compile(r"[^\W_][\w-]*")
_TRIFLE = re.compile(r"[^\W\d_]{1,2}|sev[1-5]")  # "ms", "id": no words to name
_STEM_BEGINS = 3  # letters that a word and its stem have in common

_SHARED = """
    SELECT entry.incident_id, word.lexeme, word.positions, 'A' = ANY (word.weights) OR 'B' = ANY (word.weights)
    FROM wiki_searchentry AS entry, unnest(entry.vector) AS word
    WHERE entry.incident_id = ANY (%s) AND word.lexeme = ANY (%s)
"""
_STEMS = """
    SELECT word, tsvector_to_array(to_tsvector('english', word)) FROM unnest(%s::text[]) AS word
"""


@dataclass(frozen=True)
class Shared:
    """The words that a review shares with the subject, by their stems, each with its places in that review, the
    heaviest first; `spoken_of` are those that neither mentions in passing.
    """

    places: Mapping[str, Sequence[int]]
    spoken_of: Container[str]

    def side_by_side(self, first: str, second: str) -> bool:
        """Whether that review has the two next to each other somewhere."""
        after = set(self.places[second])
        return any(place + 1 in after for place in self.places[first])


def shared_with(incidents: Iterable[int], weights: Mapping[str, float], times: Mapping[str, int]) -> dict[int, Shared]:
    """For each of the published reviews, which of the weighed words it has; `times` is how often the subject has them.
    One query.
    """
    found: dict[int, dict[str, Sequence[int]]] = {pk: {} for pk in incidents}
    spoken_of: dict[int, set[str]] = {pk: set() for pk in found}
    if found and weights:
        with connection.cursor() as cursor:
            cursor.execute(_SHARED, [list(found), list(weights)])
            for incident, stem, places, is_leading in cursor.fetchall():
                found[incident][stem] = places
                if times[stem] > 1 and (is_leading or len(places) > 1) and not _TRIFLE.fullmatch(stem):
                    spoken_of[incident].add(stem)
    return {pk: Shared(_heaviest(places, weights), spoken_of[pk]) for pk, places in found.items()}


def _heaviest(places: Mapping[str, Sequence[int]], weights: Mapping[str, float]) -> dict[str, Sequence[int]]:
    both = {stem: weights[stem] * log(1 + len(at)) for stem, at in places.items()}
    return {stem: places[stem] for stem in sorted(both, key=lambda stem: (-both[stem], stem))[:CONSIDERED]}


@dataclass(frozen=True)
class Spelling:
    """How the subject writes its words, and which of them stand side by side in it."""

    words: Mapping[str, str]
    pairs: Mapping[tuple[str, str], str]

    def spoken_of(self, shared: Shared) -> list[str]:
        """The heaviest words that both speak of, as pairs where both have them side by side; each word once."""
        pairs: dict[str, tuple[str, str]] = {}
        for pair in self.pairs:
            if all(stem in shared.places and stem not in pairs for stem in pair) and shared.side_by_side(*pair):
                pairs |= dict.fromkeys(pair, pair)
        spoken_of = (stem for stem in shared.places if stem in shared.spoken_of)
        said = [self.pairs[pairs[stem]] if stem in pairs else self.words.get(stem, "") for stem in spoken_of]
        return list(dict.fromkeys(words for words in said if words))[:MOST]

    def mentioned(self, shared: Shared) -> list[str]:
        """The heaviest words that are in both, be it in passing."""
        said = (self.words.get(stem, "") for stem in shared.places if not _TRIFLE.fullmatch(stem))
        return list(dict.fromkeys(words for words in said if words))[:MOST]


def spelling_of(text: str, stems: Iterable[str]) -> Spelling:
    """How `text` writes the words that have these stems. One query."""
    wanted = set(stems)
    read = _WORD.findall(searchable(text[:READ]))
    counted = Counter(read)
    beginnings = {stem[:_STEM_BEGINS] for stem in wanted}
    stem_of = _stems([word for word in counted if word[:_STEM_BEGINS] in beginnings], wanted) if wanted else {}
    words: dict[str, str] = {}
    for word, _ in sorted(counted.items(), key=lambda one: (-one[1], len(one[0]), one[0])):
        if word in stem_of:
            words.setdefault(stem_of[word], word)
    beside = Counter((one, two) for one, two in pairwise(read) if one in stem_of and two in stem_of)
    pairs: dict[tuple[str, str], str] = {}
    for (one, two), count in sorted(beside.items(), key=lambda pair: (-pair[1], pair[0])):
        if count > 1 and stem_of[one] != stem_of[two]:
            pairs.setdefault((stem_of[one], stem_of[two]), f"{one} {two}")
    return Spelling(words, pairs)


def _stems(words: list[str], wanted: set[str]) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(_STEMS, [words])
        return {word: stems[0] for word, stems in cursor.fetchall() if len(stems) == 1 and stems[0] in wanted}
