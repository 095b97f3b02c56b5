"""What has happened since a fix was done that it should have kept from happening."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, Subquery
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import JSONObject

from accounts.access import PUBLISHED_STATES
from accounts.models import Person
from actions.models import ActionItem
from catalog.models import CauseCategory
from core.zones import zone_named
from incidents.models import Incident
from reviews.models import Version

LOOKED_AT = 300  # of the newest with a service in common


@dataclass(frozen=True)
class Since:
    """A published incident that began after the completion, as its latest version tells it."""

    number: int
    title: str
    severity: str
    began: datetime | date
    services: list[str]
    causes: list[str]

    @property
    def url(self) -> str:
        """Its page."""
        return Incident(number=self.number, title=self.title).get_absolute_url()


@dataclass(frozen=True)
class Evidence:
    """What was found, the newest first, and what was looked for: names of services and of cause categories."""

    found: list[Since]
    services: list[str]
    causes: list[str]

    @property
    def could_look(self) -> bool:
        """Whether there was a category and a service to look for."""
        return bool(self.services and self.causes)


def evidence_for(action: ActionItem, person: Person) -> Evidence:
    """Newer published incidents that `person` may see with a service of the item's incident and the category of a
    factor that it removes, or one below it. Four queries at most."""
    services = dict(action.incident.services.values_list("pk", "name"))
    causes = dict(action.factors.exclude(cause=None).values_list("cause", "cause__name"))
    if not services or not causes or action.done_at is None:
        return Evidence([], [*services.values()], [*causes.values()])
    wanted = _with_those_below(causes)
    found = []
    for told in _candidates(action.done_at, services, person):
        since = _read(told, services.keys(), wanted)
        if since and _is_after(since.began, action.done_at):
            found.append(since)
    return Evidence(found, sorted(services.values()), sorted(causes.values()))


def _candidates(done_at: datetime, services: Iterable[int], person: Person) -> Iterable[dict[str, Any]]:
    names = ("title", "services", "causes", "occurred_at", "occurred_is_date", "time_zone", "severity", "number")
    told = JSONObject(
        title=KeyTextTransform("title", "document"),
        **{name: KeyTransform(name, "document") for name in names if name != "title"},
    )
    latest = Version.objects.filter(review=OuterRef("pk")).order_by("-number").values(told=told)[:1]
    newer = Incident.objects.visible_to(person).filter(
        status__in=PUBLISHED_STATES, occurred_at__gt=done_at, pk__in=_with_service(services)
    )
    rows = newer.annotate(told=Subquery(latest)).order_by("-occurred_at", "-pk").values_list("told", flat=True)
    return [one for one in rows[:LOOKED_AT] if one]


def _with_service(services: Iterable[int]) -> Any:
    return Incident.services.through.objects.filter(service__in=list(services)).values("incident")


def _read(told: dict[str, Any], services: Iterable[int], causes: Iterable[int]) -> Since | None:
    """As its latest version says: what is being written about it now is for its writers."""
    of_service = [one["name"] for one in told["services"] if one["id"] in services]
    of_cause = [one["name"] for one in told["causes"] if one["id"] in causes]
    if not of_service or not of_cause or not told["occurred_at"]:
        return None
    began: datetime | date = datetime.fromisoformat(told["occurred_at"])
    if told["occurred_is_date"] and isinstance(began, datetime):
        began = began.astimezone(zone_named(told["time_zone"])).date()
    return Since(told["number"], told["title"], told["severity"] or "", began, of_service, of_cause)


def _is_after(began: datetime | date, done_at: datetime) -> bool:
    return began > done_at if isinstance(began, datetime) else began > done_at.date()


def _with_those_below(causes: Iterable[int]) -> set[int]:
    """The categories and all that stand below them in the tree."""
    parents = dict(CauseCategory.objects.exclude(parent=None).values_list("pk", "parent"))
    wanted = set(causes)
    while more := {pk for pk, parent in parents.items() if parent in wanted} - wanted:
        wanted |= more
    return wanted
