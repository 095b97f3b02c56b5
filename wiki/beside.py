"""The reviews before and after one, of the same services, as a reader may go on to them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from accounts.models import Person
from catalog.models import Service
from incidents.models import Incident
from wiki.models import Listed, SearchEntry


@dataclass(frozen=True)
class Beside:
    """A review next to this one: when its incident began, and the services that both are about."""

    title: str
    url: str
    occurred_at: datetime
    services: list[str]


def earlier_and_later(person: Person, incident_pk: int) -> tuple[Beside | None, Beside | None]:
    """The nearest before and after that `person` may see, by when the incidents began. Up to six queries."""
    here = Listed.objects.filter(pk=incident_pk).first()
    if here is None or not here.service_ids:
        return None, None
    others = Listed.objects.visible_to(person).filter(service_ids__overlap=here.service_ids)
    at, pk = here.occurred_at, here.pk
    before = others.filter(Q(occurred_at__lt=at) | Q(occurred_at=at, pk__lt=pk))
    after = others.filter(Q(occurred_at__gt=at) | Q(occurred_at=at, pk__gt=pk))
    return (
        _shown(before.order_by("-occurred_at", "-pk").first(), here),
        _shown(after.order_by("occurred_at", "pk").first(), here),
    )


def _shown(found: Any, here: Listed) -> Beside | None:
    if found is None:
        return None
    entry = SearchEntry.objects.select_related("incident").only("title", "incident__number").get(pk=found.pk)
    shared = {*found.service_ids} & {*here.service_ids}
    return Beside(
        entry.title,
        Incident(number=entry.incident.number, title=entry.title).get_absolute_url(),
        found.occurred_at,
        [*Service.objects.filter(pk__in=shared).values_list("name", flat=True)],
    )
