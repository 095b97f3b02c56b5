"""The reviews that the page of a published one leads on to: what happened before, or again, and what is alike."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import Person
from wiki.likeness import Alike
from wiki.models import SearchEntry
from wiki.published import Frozen, Published
from wiki.similar import Names, Similar, compared_entry, described


@dataclass(frozen=True)
class Related:
    """Other reviews: those that this one is a recurrence of, its recurrences, and further ones like it."""

    before: list[Similar]
    after: list[Similar]
    similar: list[Similar]


def related_of(person: Person, published: Published, frozen: Frozen) -> Related | None:
    """What `published` names, described; None where there is nothing, which takes no query."""
    before, after, similar = (_keys(texts) for texts in (published.before, published.after, published.similar))
    if not before and not after and not similar:
        return None
    entries = SearchEntry.objects.defer("vector").in_bulk([published.review, *before, *after, *similar])
    own = entries.pop(published.review, None)
    if own is None:
        return None
    confirmed = {*before, *after}
    alike = [
        Alike(pk, 0.0, one.service_ids, one.cause_ids, one.severity)
        for pk in dict.fromkeys([*before, *after, *similar])
        if (one := entries.get(pk))
    ]
    names = Names(_named(frozen.document["services"]), _named(frozen.document["causes"]))
    told = {
        one.incident: one for one in described(person, compared_entry(own), alike, names=names, confirmed=confirmed)
    }
    found = Related(
        [told[pk] for pk in before if pk in told],
        [told[pk] for pk in after if pk in told],
        [told[pk] for pk in similar if pk in told and pk not in confirmed],
    )
    return found if found.before or found.after or found.similar else None


def _keys(texts: Iterable[str]) -> list[int]:
    return [json.loads(text)["incident"] for text in texts]


def _named(rows: Iterable[dict[str, object]]) -> dict[int, str]:
    return {int(str(row["id"])): str(row["name"]) for row in rows}
