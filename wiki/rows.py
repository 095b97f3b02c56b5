"""Published reviews as rows of a list: home, search, and the pages of services, causes and teams."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count

from actions.models import ActionItem
from catalog.models import CauseCategory, Service
from incidents.models import Visibility
from wiki.models import SearchEntry


@dataclass(frozen=True)
class Row:
    """What templates/wiki/_row.html shows of a review."""

    number: int
    title: str
    url: str
    text: str
    severity: str
    occurred_at: datetime | None
    occurred_is_date: bool
    duration: timedelta | None
    services: list[str]
    causes: list[str]
    open_actions: int
    restricted: bool


def rows_of(entries: Iterable[SearchEntry], snippets: Mapping[int, str] | None = None) -> list[Row]:
    """Rows in the order of `entries`, which the caller has filtered with `visible_to` and joined to their incidents.

    `snippets` (by incident pk, safe HTML where marked so) replace the summary. Three queries, none without entries.
    """
    shown = list(entries)
    if not shown:
        return []
    services = dict(
        Service.objects.filter(pk__in={pk for one in shown for pk in one.service_ids}).values_list("pk", "name")
    )
    causes = dict(
        CauseCategory.objects.filter(pk__in={pk for one in shown for pk in one.cause_ids}).values_list("pk", "name")
    )
    unfinished = dict(
        ActionItem.objects.filter(incident__in=[one.pk for one in shown])
        .unfinished()
        .order_by()
        .values_list("incident")
        .annotate(Count("pk"))
    )
    return [
        Row(
            number=one.incident.number,
            title=one.title,
            url=one.incident.get_absolute_url(),
            text=(snippets or {}).get(one.pk, one.summary),
            severity=one.severity,
            occurred_at=one.incident.occurred_at,
            occurred_is_date=one.incident.occurred_is_date,
            duration=one.duration,
            services=[services[pk] for pk in one.service_ids if pk in services],
            causes=[causes[pk] for pk in one.cause_ids if pk in causes],
            open_actions=unfinished.get(one.pk, 0),
            restricted=one.incident.visibility == Visibility.RESTRICTED,
        )
        for one in shown
    ]
