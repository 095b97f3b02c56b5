"""Published reviews as rows of a list: home, search, and the pages of services, causes and teams."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Count, F, Func, IntegerField, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from actions.models import ActionItem
from catalog.models import CauseCategory, Service
from incidents.models import Incident, Status, Visibility
from wiki.models import SearchEntry


@dataclass(frozen=True)
class Row:
    """What templates/wiki/_row.html shows of a review."""

    number: int
    title: str
    url: str
    text: str
    severity: str
    began: datetime | date | None
    published_at: datetime
    duration: timedelta | None
    services: list[str]
    causes: list[str]
    open_actions: int
    restricted: bool
    archived: bool = False

    @property
    def services_line(self) -> str:
        """The services, the first few by name."""
        return _first(self.services)

    @property
    def causes_line(self) -> str:
        """The cause categories, the first few by name."""
        return _first(self.causes)


def rows_of(entries: Iterable[SearchEntry], snippets: Mapping[int, str] | None = None) -> list[Row]:
    """Rows in the order of `entries`, which the caller has filtered with `visible_to` and joined to their incidents.

    `snippets` (by incident pk, safe HTML where marked so) replace the summary. One query, none without entries or
    where they are `with_facts`.
    """
    shown = list(entries)
    facts = {one.pk: one for one in shown if hasattr(one, "service_names")}
    if len(facts) < len(shown):
        bare = SearchEntry.objects.filter(pk__in=[one.pk for one in shown]).only("pk")
        facts = {one.pk: one for one in with_facts(bare)}
    return [_row(one, facts[one.pk], (snippets or {}).get(one.pk, one.summary)) for one in shown if one.pk in facts]


def with_facts(entries: "QuerySet[SearchEntry]") -> "QuerySet[SearchEntry, Any]":
    """The entries with what a row shows from other tables: service_names, cause_names, open_actions."""
    unfinished = ActionItem.objects.filter(incident=OuterRef("pk")).unfinished().order_by().values("incident")
    return entries.annotate(
        service_names=_names(Service, "service_ids"),
        cause_names=_names(CauseCategory, "cause_ids"),
        open_actions=Coalesce(Subquery(unfinished.values(count=Count("pk")), output_field=IntegerField()), 0),
    )


def _names(model: type[Model], array: str) -> ArraySubquery:
    """The names of the rows whose keys are in the array, in its order."""
    named = model._default_manager.filter(_IsOneOf(F("pk"), OuterRef(array)))
    place = Func(OuterRef(array), F("pk"), function="array_position", output_field=IntegerField())
    return ArraySubquery(named.annotate(place=place).order_by("place").values("name"))


def _first(names: list[str], most: int = 2) -> str:
    """As many names as a quiet line holds."""
    rest = len(names) - most
    return f"{', '.join(names[:most])} and {rest} more" if rest > 0 else ", ".join(names)


class _IsOneOf(Func):
    """`key = ANY(array)`, which unlike other conditions with arrays uses the key's index."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY("
    output_field = BooleanField()


def _row(entry: SearchEntry, facts: Any, text: str) -> Row:
    return Row(
        number=entry.incident.number,
        title=entry.title,
        url=Incident(number=entry.incident.number, title=entry.title).get_absolute_url(),
        text=text,
        severity=entry.severity,
        began=entry.incident.began,
        published_at=entry.published_at,
        duration=entry.duration,
        services=facts.service_names,
        causes=facts.cause_names,
        open_actions=facts.open_actions,
        restricted=entry.incident.visibility == Visibility.RESTRICTED,
        archived=entry.incident.status == Status.ARCHIVED,
    )
