"""Action items as CSV: one line for each, as its reader may read it."""

import csv
from collections.abc import Iterator
from datetime import date, datetime, tzinfo
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import OuterRef
from django.urls import reverse

from accounts.models import Person
from actions.models import ActionItem
from catalog.models import CauseCategory, Service
from core.query_language import read_query
from followup.board.known import look_up
from followup.board.matching import TABLES, UNFINISHED_SQL, Matching
from followup.board.vocabulary import BOARD
from followup.csv_cells import safe_cell
from followup.worded import Worded, all_worded, for_reader

AT_ONCE = 500
MARK = "\ufeff"  # by which Excel knows UTF-8
HEADINGS = [
    "ID", "Action item", "Status", "Kind", "Owner", "Team", "Due", "Days overdue", "Review", "Incident", "Severity",
    "Services", "Causes", "Done when", "Done on", "Verified", "Reason", "Created on", "Tracker", "Address",
]  # fmt: skip


def matching_keys(person: Person, text: str, today: date) -> list[int]:
    """Keys of the items that the board finds for `text`: the unfinished ones first, by due date. One query, two where
    filters name something."""
    query = read_query(text, today, BOARD)
    condition = Matching(person, query, look_up(query, person), today).condition
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT actions_actionitem.id FROM {TABLES} WHERE {condition.sql}"  # noqa: S608
            f" ORDER BY NOT {UNFINISHED_SQL}, actions_actionitem.due NULLS LAST, actions_actionitem.id",
            condition.values,
        )
        return [key for (key,) in cursor.fetchall()]


def csv_of(person: Person, keys: list[int], *, today: date, zone: tzinfo, site: str) -> Iterator[str]:
    """The file in parts, each of some hundred items; what `person` may not see any more is left out.

    `today` is their day, instants are days in `zone`, `site` stands before the paths of pages. A query for each part.
    """
    pages = f"{site}{reverse('board')}"
    writer = csv.writer(_Echo(), quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    yield MARK + writer.writerow(HEADINGS)
    for start in range(0, len(keys), AT_ONCE):
        rows = _rows(person, keys[start : start + AT_ONCE])
        yield "".join(writer.writerow(_cells(one, today, zone, pages)) for one in rows)


class _Echo:
    """A file that gives back what is written into it."""

    def write(self, text: str) -> str:
        return text


def _rows(person: Person, keys: list[int]) -> list[Worded]:
    services = Service.objects.filter(incidents=OuterRef("incident")).order_by("name")
    causes = CauseCategory.objects.filter(factors__actions=OuterRef("pk")).order_by("position", "pk").distinct()
    items: Any = for_reader(ActionItem.objects.visible_to(person).filter(pk__in=keys), person).annotate(
        service_names=ArraySubquery(services.values("name")), cause_names=ArraySubquery(causes.values("name"))
    )
    places = {key: place for place, key in enumerate(keys)}
    return all_worded(sorted(items, key=lambda item: places[item.pk]), person)


def _cells(one: Worded, today: date, zone: tzinfo, pages: str) -> list[str]:
    action: Any = one.action
    cells = [
        str(action.pk),
        one.title,
        action.get_status_display(),
        action.get_kind_display(),
        one.owner,
        str(action.team or ""),
        _day(action.due),
        str((today - action.due).days) if action.is_overdue(today) else "",
        str(action.incident.number),
        one.about,
        action.incident.get_severity_display(),
        ", ".join(action.service_names),
        ", ".join(action.cause_names),
        one.done_when,
        _day(_local(action.done_at, zone)),
        "Yes" if action.verified_at else "",
        one.reason,
        _day(_local(action.created_at, zone)),
        one.tracker_url,
        f"{pages}{action.pk}/",
    ]
    return [safe_cell(cell) for cell in cells]


def _local(at: datetime | None, zone: tzinfo) -> date | None:
    return at.astimezone(zone).date() if at else None


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
