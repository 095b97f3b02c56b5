"""Reads of the catalog that more than one place needs."""

from collections.abc import Iterable
from typing import TypeVar

from django.db.models import Q, QuerySet

from catalog.models import CauseCategory, MergedCause, MergedService, Service, ServiceAlias, Team
from catalog.slugs import service_slug

_Named = TypeVar("_Named", Service, CauseCategory, Team)


def find_service(called: str) -> Service | None:
    """The service that people call `called`: by slug, name or alias, in any case, or by a former slug."""
    name = " ".join(called.split())
    by_alias = ServiceAlias.objects.filter(name__iexact=name).values("service")
    slug = service_slug(name)
    matches = Q(slug=slug) | Q(name__iexact=name) | Q(pk__in=by_alias)
    found = Service.objects.filter(matches).order_by("pk").first()
    return found or Service.objects.filter(former_slugs__slug=slug).first()


def known_service_names() -> list[str]:
    """What services are called, by name or by alias."""
    return list(
        Service.objects.values_list("name", flat=True).union(ServiceAlias.objects.values_list("name", flat=True))
    )


def find_by_slug(among: "QuerySet[_Named]", slug: str) -> _Named | None:
    """What bears `slug`, or bore it last and is called otherwise now. One query, two for a former slug."""
    return among.filter(slug=slug).first() or among.filter(former_slugs__slug=slug).first()


def find_causes(slugs: Iterable[str]) -> list[CauseCategory]:
    """The categories that bear these slugs, or bore them; each once. One query, two more where one is unknown."""
    wanted = set(slugs)
    found = {one.slug: one for one in CauseCategory.objects.filter(slug__in=wanted)}
    if len(found) < len(wanted):
        former = CauseCategory.objects.filter(former_slugs__slug__in=wanted - found.keys()).distinct()
        found |= {one.slug: one for one in former}
    return list(found.values())


def merged_services() -> dict[int, int]:
    """By the key of each service that was merged, that of the one it is part of."""
    return dict(MergedService.objects.values_list("was", "into"))


def merged_causes() -> dict[int, int]:
    """By the key of each cause category that was merged, that of the one it is part of."""
    return dict(MergedCause.objects.values_list("was", "into"))
