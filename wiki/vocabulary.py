"""The words of published reviews as people write them, with what finds those that differ by one slip of the fingers.

Each word keeps a witness, one published review in which it stands, and is offered only to those who may see that one.
Reviews that everyone may read are preferred, and only these are counted. Names of the catalogue have no witness:
everyone who is signed in knows them.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from django.db import connection, transaction
from django.db.models.signals import post_save
from django.dispatch import receiver

from accounts.access import PUBLISHED_STATES
from catalog.models import CauseCategory, Service, ServiceAlias, Team
from core.text import storable
from incidents.models import Incident, Visibility
from reviews.models import Version
from reviews.signals import version_published
from wiki.indexing import aliases_of, indexed_of
from wiki.models import SearchEntry, Word
from wiki.searchable import searchable

SHORTEST, LONGEST = 3, 40
LONGEST_NAME = 60
READ = 20_000  # the newest reviews, of which words are counted anew
AT_ONCE = 1_000  # words for each statement, so that no publish waits long for a word that another one writes

_WORD = re.compile(rf"(?<![^\W_])[^\W\d_]{{{SHORTEST},{LONGEST}}}(?![^\W_])")

# A word that stands only in reviews for some gets a better witness as soon as there is one.
_KEEP = """
    INSERT INTO wiki_word AS known (word, reviews, witness_id, keys)
    SELECT * FROM unnest(%(words)s::text[], %(reviews)s::integer[], %(witnesses)s::bigint[])
        AS w (word, reviews, witness), LATERAL (SELECT array_agg(DISTINCT key) FROM (
            SELECT w.word AS key UNION ALL
            SELECT left(w.word, place - 1) || substr(w.word, place + 1) FROM generate_series(1, length(w.word)) AS place
        ) AS all_keys) AS made (keys)
    ORDER BY word
    ON CONFLICT (word) DO UPDATE SET
        reviews = {reviews}, witness_id = CASE WHEN known.witness_id IS NOT NULL THEN excluded.witness_id END
    WHERE {changes}
"""
_OPEN = f"""
    EXISTS (SELECT FROM incidents_incident AS incident WHERE incident.id = known.witness_id
        AND incident.visibility = '{Visibility.INTERNAL}' AND incident.status = ANY (%(published)s))
"""
_KEEP_NEW = _KEEP.format(
    reviews="greatest(known.reviews, excluded.reviews)",
    changes=f"known.witness_id IS NOT NULL AND (excluded.witness_id IS NULL OR (%(open)s AND NOT {_OPEN}))",
)
_KEEP_COUNTED = _KEEP.format(
    reviews="excluded.reviews",
    changes=f"known.reviews <> excluded.reviews OR (known.witness_id IS NOT NULL AND NOT {_OPEN})",
)


def keys_of(word: str) -> set[str]:
    """The word and all that is left of it without one letter: words that are one slip apart share one of these."""
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


def words_in(text: str) -> list[str]:
    """The words of a text, in lower case; no numbers, and nothing that holds one."""
    return _WORD.findall(searchable(text))


def spelt(name: str) -> str:
    """A name, or a word with the signs within it, as the vocabulary has it."""
    return " ".join(unicodedata.normalize("NFC", storable(name)).lower().replace("’", "'").split())


@receiver(version_published)
def learn_published(sender: type[Version], version: Version, **_: Any) -> None:
    """Know the words of what is published from the next request on. Those that only an earlier version had are
    forgotten with it. Four statements.
    """
    document = version.document
    indexed = indexed_of(version, aliases_of(service["id"] for service in document["services"]))
    words = {*chain.from_iterable(words_in(text) for text in indexed.texts.values())}
    Word.objects.filter(witness=version.review_id).exclude(word__in=words).delete()
    _keep(words, version.review_id)
    _keep_names(chain.from_iterable((one["name"], one["slug"]) for one in [*document["services"], *document["causes"]]))


@receiver(post_save, sender=Service)
@receiver(post_save, sender=ServiceAlias)
@receiver(post_save, sender=CauseCategory)
@receiver(post_save, sender=Team)
def learn_name(sender: Any, instance: Any, **_: Any) -> None:
    """Know the name of a new service, team or category, and a new name of one."""
    _keep_names([instance.name, getattr(instance, "slug", "")])


def learn_anew() -> None:
    """Know all names of the catalogue, and the words of the newest reviews with how many of these have them.

    Words of older reviews stay. Reads many texts: for the worker at night, and after many reviews came at once.
    """
    with transaction.atomic():
        Word.objects.filter(witness=None).delete()
        _keep_names(_catalogue())
    entries = SearchEntry.objects.filter(
        incident__visibility=Visibility.INTERNAL, incident__status__in=PUBLISHED_STATES
    ).order_by("-occurred_at", "-incident")
    counted: Counter[str] = Counter()
    witnesses: dict[str, int] = {}
    for pk, title, body in entries.values_list("pk", "title", "text__body")[:READ].iterator(chunk_size=200):
        said = {*words_in(title), *words_in(body)}
        counted.update(said)
        for word in said:
            witnesses.setdefault(word, pk)
    words = sorted(counted)
    for start in range(0, len(words), AT_ONCE):
        _write(_KEEP_COUNTED, {word: (counted[word], witnesses[word]) for word in words[start : start + AT_ONCE]})


def _catalogue() -> Iterator[str]:
    for model in (Service, Team, CauseCategory):
        yield from chain.from_iterable(model.objects.values_list("name", "slug"))
    yield from ServiceAlias.objects.values_list("name", flat=True)


def _keep_names(names: Iterable[str]) -> None:
    """Each name as a whole, and its words."""
    whole = {spelt(name) for name in names if name}
    parts = {*chain.from_iterable(map(words_in, whole))}
    _keep(parts | {name for name in whole if SHORTEST <= len(name) <= LONGEST_NAME}, None)


def _keep(words: Iterable[str], witness: int | None) -> None:
    is_open = witness is None or Incident.objects.filter(pk=witness, visibility=Visibility.INTERNAL).exists()
    _write(_KEEP_NEW, {word: (int(is_open), witness) for word in words}, is_open=is_open)


def _write(statement: str, kept: Mapping[str, tuple[int, int | None]], *, is_open: bool = True) -> None:
    if not kept:
        return
    words = sorted(kept)
    values: dict[str, Any] = {
        "words": words,
        "reviews": [kept[word][0] for word in words],
        "witnesses": [kept[word][1] for word in words],
        "published": list(PUBLISHED_STATES),
        "open": is_open,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
