"""Reads of the catalog that more than one place needs."""

from django.db.models import Q
from django.utils.text import slugify

from catalog.models import Service, ServiceAlias


def find_service(called: str) -> Service | None:
    """The service that people call `called`: by slug, name or alias, in any case."""
    name = " ".join(called.split())
    by_alias = ServiceAlias.objects.filter(name__iexact=name).values("service")
    matches = Q(slug=slugify(name)) | Q(name__iexact=name) | Q(pk__in=by_alias)
    return Service.objects.filter(matches).order_by("pk").first()
