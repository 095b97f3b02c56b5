"""The reviews that are most like each other, kept as they are published, so that a page shows them without looking."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import OuterRef, Q
from django.db.models.functions import JSONObject
from django.dispatch import receiver

from accounts.access import PUBLISHED_STATES
from actions.models import ActionItem
from incidents.models import Incident, Visibility
from reviews.models import Version
from reviews.signals import version_published
from wiki.likeness import nearest_to
from wiki.models import Likeness, SearchEntry
from wiki.similar import compared_entry
from wiki.term_counts import one_at_a_time

KEPT = 8  # of those that everyone may read; restricted ones that are nearer are kept beside them
MOST = 24
ON_PAGE = 3


@receiver(version_published)
def keep_neighbours(sender: type[Version], version: Version, **_: Any) -> None:
    """Find what is most like a review that is published, in the publishing transaction; both then show each other."""
    find_neighbours(SearchEntry.objects.defer("vector").get(pk=version.review_id))


@transaction.atomic
def find_neighbours(entry: SearchEntry) -> None:
    """Keep the nearest neighbours of a published review. Some ten queries."""
    one_at_a_time()
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


def find_all_neighbours() -> None:
    """Look for the nearest neighbours of every published review, as after a restore or a change of what is compared."""
    for entry in SearchEntry.objects.defer("vector").order_by("pk").iterator(chunk_size=200):
        find_neighbours(entry)


def similar_to_read(review: OuterRef) -> ArraySubquery:
    """The reviews most like `review` that everyone may read, the nearest first, as texts of JSON: all that a list of
    them reads live. A row is written anew when either of the two is published again, so its key stands for the rest.

    Few tables, as every page asks for it: PostgreSQL plans longer than it looks.
    """
    unfinished = ActionItem.objects.filter(incident=OuterRef("other")).unfinished().order_by("pk").values("pk")
    nearest = Likeness.objects.filter(
        incident=review, other__status__in=PUBLISHED_STATES, other__visibility=Visibility.INTERNAL
    )
    return ArraySubquery(
        nearest.order_by("-score").values_list(
            JSONObject(pk="pk", incident="other", began="other__occurred_at", unfinished=ArraySubquery(unfinished))
        )[:ON_PAGE]
    )
