"""The reviews that are most like each other, kept as they are published, so that a page shows them without looking."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.dispatch import receiver

from accounts.access import PUBLISHED_STATES, visible_condition
from accounts.models import Person
from actions.models import ActionItem
from incidents.models import Incident, Visibility
from reviews.models import Recurrence, Version
from reviews.signals import version_published
from wiki.likeness import nearest_to
from wiki.models import Likeness, SearchEntry
from wiki.similar import SHOWN, compared_entry

KEPT = 8  # of those that everyone may read; restricted ones that are nearer are kept beside them
MOST = 24


@receiver(version_published)
def keep_neighbours(sender: type[Version], version: Version, **_: Any) -> None:
    """Find what is most like a review that is published, in the publishing transaction; both then show each other."""
    find_neighbours(SearchEntry.objects.defer("vector").get(pk=version.review_id))


def find_neighbours(entry: SearchEntry) -> None:
    """Keep the nearest neighbours of a published review. Eight queries."""
    compared = compared_entry(entry)
    nearest = nearest_to(compared.subject, compared.weights, None)[: 2 * MOST]
    restricted = set(
        Incident.objects.filter(pk__in=[one.incident for one in nearest], visibility=Visibility.RESTRICTED).values_list(
            "pk", flat=True
        )
    )
    kept: list[Likeness] = []
    open_to_all = 0
    for one in nearest:
        if open_to_all == KEPT or len(kept) == MOST:
            break
        open_to_all += one.incident not in restricted
        kept.append(Likeness(incident_id=entry.pk, other_id=one.incident, score=one.score))
    Likeness.objects.filter(Q(incident=entry.pk) | Q(other=entry.pk)).delete()
    back = [Likeness(incident_id=one.other_id, other_id=entry.pk, score=one.score) for one in kept]
    Likeness.objects.bulk_create([*kept, *back])


def similar_of(reader: Person, review: OuterRef) -> ArraySubquery:
    """The keys of the reviews most like `review` that `reader` may see, the nearest first, as texts of JSON."""
    nearest = Likeness.objects.visible_to(reader).filter(incident=review).order_by("-score", "-other")[:SHOWN]
    return ArraySubquery(_told(nearest, "other"))


def before_of(reader: Person, review: OuterRef) -> ArraySubquery:
    """What `review` is a recurrence of, as far as `reader` may see it."""
    found = Recurrence.objects.filter(visible_condition(reader, "earlier__incident"), review=review)
    return ArraySubquery(_told(found.order_by("-earlier"), "earlier__incident"))


def after_of(reader: Person, review: OuterRef) -> ArraySubquery:
    """The published reviews that are a recurrence of `review`, as far as `reader` may see them."""
    found = Recurrence.objects.filter(
        visible_condition(reader, "review__incident"),
        earlier=review,
        review__incident__status__in=PUBLISHED_STATES,
    )
    return ArraySubquery(_told(found.order_by("-review"), "review__incident"))


def _told(rows: "QuerySet[Any, Any]", incident: str) -> "QuerySet[Any, Any]":
    """All that the list of such reviews reads live: which they are, as published when, and what is still open."""
    unfinished = ActionItem.objects.filter(incident=OuterRef(incident)).unfinished().order_by("pk").values("pk")
    return rows.values_list(
        JSONObject(
            incident=incident,
            published_at=f"{incident}__search_entry__published_at",
            unfinished=ArraySubquery(unfinished),
        )
    )
