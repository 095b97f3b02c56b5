"""Merging a cause category into another one."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from accounts.access import PUBLISHED_STATES
from accounts.models import Person
from catalog.models import CauseCategory, FormerCauseSlug, MergedCause
from core import audit
from incidents.models import Deletion
from reviews.models import Factor, Review, Why
from wiki.merging.allowed import locked_pair
from wiki.merging.index import follow
from wiki.models import Listed


@dataclass(frozen=True)
class CauseMerge:
    """What merging would change: reviews in search, reviews that name the category itself, their parts."""

    published: int
    both: int  # of these, those found under the other one as well
    reviews: int
    drafts: int
    whys: int
    factors: int
    below: int  # categories that stand below it


def cause_merge(was: CauseCategory, into: CauseCategory) -> CauseMerge:
    """What would change. Seven counts."""
    using = Review.objects.filter(Q(causes=was) | Q(whys__cause=was) | Q(factors__cause=was)).order_by().distinct()
    listed = Listed.objects.filter(cause_ids__contains=[was.pk])
    return CauseMerge(
        published=listed.count(),
        both=listed.filter(cause_ids__contains=[into.pk]).count(),
        reviews=Review.objects.filter(causes=was).count(),
        drafts=using.exclude(incident__status__in=PUBLISHED_STATES).count(),
        whys=Why.objects.filter(cause=was).count(),
        factors=Factor.objects.filter(cause=was).count(),
        below=was.children.exclude(pk=into.pk).count(),
    )


@transaction.atomic
def merge_causes(person: Person, was: int, into: int) -> CauseCategory:
    """Make the category `was` part of `into`, which is returned; both are keys.

    Drafts, search and facets name `into` from now on; published versions keep what they say, and their links and old
    queries lead on. Raises PermissionDenied, and ValidationError where one of them is gone.
    """
    old, new = locked_pair(person, CauseCategory.objects.all(), was, into)
    changed = cause_merge(old, new)
    _lift(old, new)
    chosen = Review.causes.through.objects
    have = chosen.filter(causecategory=new).values("review")
    chosen.filter(causecategory=old).exclude(review__in=have).update(causecategory=new)
    chosen.filter(causecategory=old).delete()
    Why.objects.filter(cause=old).update(cause=new)
    Factor.objects.filter(cause=old).update(cause=new)
    _in_deleted_parts(old, new)
    follow("cause_ids", old.pk, new.pk)
    _lead_on(old, new)
    said = f"{old.name} into {new.slug}: {changed.published} published, {changed.drafts} drafts"
    audit.record(person, "merge-cause", f"cause {old.slug}", said)
    return new


def _lift(old: CauseCategory, new: CauseCategory) -> None:
    """What stands below `old` stands below `new`; where that is `new` itself, it takes the place of `old`."""
    above, seen = new, {new.pk}
    while above.parent is not None and above.parent_id not in seen:
        above = above.parent
        seen.add(above.pk)
        if above.pk == old.pk:
            new.parent = old.parent
            new.save(update_fields=["parent"])
            break
    CauseCategory.objects.filter(parent=old).exclude(pk=new.pk).update(parent=new)


def _in_deleted_parts(old: CauseCategory, new: CauseCategory) -> None:
    """What was deleted and may still be brought back names the other category as well."""
    for deletion in Deletion.objects.filter(kind__in=("why", "factor"), undone_at=None).exclude(data__rows=[]):
        named = [row["fields"] for row in deletion.data["rows"] if row["fields"].get("cause") == old.pk]
        for fields in named:
            fields["cause"] = new.pk
        if named:
            deletion.save(update_fields=["data"])


def _lead_on(old: CauseCategory, new: CauseCategory) -> None:
    """Addresses, queries and published versions that name `old` lead to `new`."""
    FormerCauseSlug.objects.filter(cause=old).update(cause=new)
    MergedCause.objects.filter(into=old).update(into=new)
    key, name, slug = old.pk, old.name, old.slug
    old.delete()
    MergedCause.objects.create(was=key, name=name, into=new)
    FormerCauseSlug.objects.update_or_create(slug=slug, defaults={"cause": new})
