"""Which action items stand in a calendar."""

from datetime import datetime, time, timedelta, tzinfo
from typing import Any

from django.db.models import Count, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Person
from actions.models import UNFINISHED, ActionChange, ActionItem
from catalog.models import Team
from core.models import AuditEntry
from followup.calendars.events import Due
from followup.worded import all_worded, for_reader

# What was finished lately still stands there, as done or cancelled: programs that keep what they once read are told.
STAYS = timedelta(days=30)
MOST = 2_000


def due_items(reader: Person, team: Team | None, now: datetime) -> list[Due]:
    """What `reader` owns and is due some day, or what the team does, as far as and how the reader may read it: the
    latest due first, and no more than MOST. One query."""
    items = ActionItem.objects.visible_to(reader).filter(Q(owner=reader) if team is None else Q(team=team))
    changes = ActionChange.objects.filter(action=OuterRef("pk"))
    many = changes.order_by().values("action").annotate(many=Count("pk")).values("many")
    rows: Any = for_reader(items.filter(merged_into=None).exclude(due=None), reader).annotate(
        changes_made=Coalesce(Subquery(many), 0),
        changed_at=Coalesce(Subquery(changes.order_by("-at").values("at")[:1]), "created_at"),
    )
    rows = rows.filter(Q(status__in=UNFINISHED) | Q(changed_at__gte=now - STAYS)).order_by("-due", "-pk")
    found = list(rows[:MOST])
    return [
        Due(item, row.due, row.changes_made, row.changed_at, says_owner=team is not None)
        for row, item in zip(found, all_worded(found, reader), strict=True)
    ]


def last_change(now: datetime, zone: tzinfo) -> datetime:
    """When a calendar may have changed last: with any change to anything, since what one may read changes with more
    than the items, and with every day. One query."""
    midnight = datetime.combine(now.astimezone(zone).date(), time(), zone)
    audited: datetime | None = AuditEntry.objects.aggregate(last=Max("at"))["last"]
    return max(midnight, audited) if audited else midnight
