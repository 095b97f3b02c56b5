"""Merging a service into another one."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models.functions import Lower

from accounts.access import PUBLISHED_STATES
from accounts.models import Person
from catalog.models import FormerServiceSlug, MergedService, Service, ServiceAlias
from core import audit
from incidents.models import Incident
from wiki.merging.allowed import locked_pair
from wiki.merging.index import follow
from wiki.models import Listed


@dataclass(frozen=True)
class ServiceMerge:
    """What merging would change."""

    published: int
    both: int  # of these, those found under the other one as well
    drafts: int
    aliases: list[str]  # names by which the other one will be known as well


def service_merge(was: Service, into: Service) -> ServiceMerge:
    """What would change. Four queries."""
    listed = Listed.objects.filter(service_ids__contains=[was.pk])
    drafts = Incident.objects.filter(services=was).exclude(status__in=PUBLISHED_STATES)
    return ServiceMerge(
        published=listed.count(),
        both=listed.filter(service_ids__contains=[into.pk]).count(),
        drafts=drafts.count(),
        aliases=[was.name, *was.aliases.values_list("name", flat=True)],
    )


@transaction.atomic
def merge_services(person: Person, was: int, into: int) -> Service:
    """Make the service `was` part of `into`, which is returned and known by its names as well; both are keys.

    As merging causes does. Its team owns the other one where nobody does.
    """
    old, new = locked_pair(person, Service.objects.all(), was, into)
    changed = service_merge(old, new)
    chosen = Incident.services.through.objects
    have = chosen.filter(service=new).values("incident")
    chosen.filter(service=old).exclude(incident__in=have).update(service=new)
    chosen.filter(service=old).delete()
    if new.owner_id is None and old.owner_id is not None:
        new.owner_id = old.owner_id
        new.save(update_fields=["owner"])
    follow("service_ids", old.pk, new.pk)
    _lead_on(old, new)
    said = f"{old.name} into {new.slug}: {changed.published} published, {changed.drafts} drafts"
    audit.record(person, "merge-service", f"service {old.slug}", said)
    return new


def _lead_on(old: Service, new: Service) -> None:
    """Names, addresses, queries and published versions that name `old` lead to `new`."""
    ServiceAlias.objects.filter(service=old).update(service=new)
    FormerServiceSlug.objects.filter(service=old).update(service=new)
    MergedService.objects.filter(into=old).update(into=new)
    key, name, slug = old.pk, old.name, old.slug
    old.delete()
    MergedService.objects.create(was=key, name=name, into=new)
    FormerServiceSlug.objects.update_or_create(slug=slug, defaults={"service": new})
    known = ServiceAlias.objects.annotate(lower=Lower("name")).filter(lower=name.lower()).exists()
    if not known and name.lower() != new.name.lower():
        ServiceAlias.objects.create(service=new, name=name)
