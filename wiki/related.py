"""The reviews that the page of a published one leads on to: what happened before, or again, and what is alike."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet, TextField
from django.db.models.functions import Cast, JSONObject

from accounts.models import Person
from actions.models import ActionItem
from catalog.models import CauseCategory, Service
from core.prepared import Prepared
from reviews.models import Recurrence
from wiki.likeness import Alike
from wiki.models import SearchEntry
from wiki.published import Frozen, Published
from wiki.similar import Names, Similar, compared_entry, described

MOST_RECURRENCES = 20


@dataclass(frozen=True)
class Related:
    """Other reviews: those that this one is a recurrence of, its recurrences, and further ones like it."""

    before: list[Similar]
    after: list[Similar]
    similar: list[Similar]


@dataclass(frozen=True)
class Recurrences:
    """Keys of published reviews: those that one is said to be a recurrence of, and those that are said to be its own;
    with what is still open of each, as JSON texts.
    """

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


def recurrences_at(person: Person, published: Published) -> Recurrences:
    """Which recurrences of `published`, before and after it, `person` may see. One query, none where it has none."""
    if not published.recurs:
        return Recurrences()
    rows = _TOLD.rows((person.role, person.is_active), person=person.pk, review=published.review)
    before = [text for text, is_before, _ in rows if is_before]
    after = [text for text, _, is_after in rows if is_after]
    return Recurrences(tuple(before[:MOST_RECURRENCES]), tuple(after[:MOST_RECURRENCES]))


def related_of(person: Person, published: Published, frozen: Frozen, recurrences: Recurrences) -> Related | None:
    """What `published` leads on to, described; None where there is nothing, which takes no query."""
    before, after, similar = map(_keys, (recurrences.before, recurrences.after, published.similar))
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
    names = Names(
        _names(Service.objects.all(), own.service_ids, frozen.document["services"]),
        _names(CauseCategory.objects.all(), own.cause_ids, frozen.document["causes"]),
    )
    told = {
        one.incident: one for one in described(person, compared_entry(own), alike, names=names, confirmed=confirmed)
    }
    found = Related(
        [told[pk] for pk in before if pk in told],
        [told[pk] for pk in after if pk in told],
        [told[pk] for pk in similar if pk in told and pk not in confirmed],
    )
    return found if found.before or found.after or found.similar else None


def _told(shape: tuple[str, bool], person: int, review: int) -> "QuerySet[SearchEntry, Any]":
    """All that the list of them reads live, and when they were published, which stands for the rest; and whether each
    was before, and after. One review can be told to be both.
    """
    role, is_active = shape
    before = Recurrence.objects.filter(review=review)
    after = Recurrence.objects.filter(earlier=review)
    entries = SearchEntry.objects.visible_to(Person(pk=person, role=role, is_active=is_active)).filter(
        pk__in=before.order_by().values("earlier").union(after.order_by().values("review"))
    )
    unfinished = ActionItem.objects.filter(incident=OuterRef("pk")).unfinished().order_by("pk").values("pk")
    return entries.order_by("-occurred_at", "-incident").values_list(
        Cast(
            JSONObject(
                incident="pk",
                published_at="published_at",
                began="incident__occurred_at",
                unfinished=ArraySubquery(unfinished),
            ),
            TextField(),
        ),
        Exists(before.filter(earlier=OuterRef("pk"))),
        Exists(after.filter(review=OuterRef("pk"))),
    )


_TOLD = Prepared(_told)


def _keys(texts: Iterable[str]) -> list[int]:
    return [json.loads(text)["incident"] for text in texts]


def _names(among: "QuerySet[Any]", keys: list[int], rows: Iterable[dict[str, object]]) -> dict[int, str]:
    """As the version calls them; what others were merged into since then as it is called now."""
    named = {int(str(row["id"])): str(row["name"]) for row in rows}
    others = [key for key in keys if key not in named]
    return named | dict(among.filter(pk__in=others).values_list("pk", "name")) if others else named
