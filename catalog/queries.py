"""Reads of the catalog that more than one place needs."""

from django.db.models import Q

from catalog.models import Service, ServiceAlias
from catalog.slugs import service_slug


def find_service(called: str) -> Service | None:
    """The service that people call `called`: by slug, name or alias, in any case."""
    name = " ".join(called.split())
    by_alias = ServiceAlias.objects.filter(name__iexact=name).values("service")
    matches = Q(slug=service_slug(name)) | Q(name__iexact=name) | Q(pk__in=by_alias)
    return Service.objects.filter(matches).order_by("pk").first()


def known_service_names() -> list[str]:
    """What services are called, by name or by alias."""
    return list(
        Service.objects.values_list("name", flat=True).union(ServiceAlias.objects.values_list("name", flat=True))
    )
