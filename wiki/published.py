"""Finding the published version that a reader asks for: access, version and the state of its actions in one query."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Exists, OuterRef, QuerySet, When
from django.db.models.functions import JSONObject

from accounts.models import Person
from actions.models import UNFINISHED, ActionItem, ActionStatus
from core.prepared import Prepared
from reviews.models import ImportedSource, Version

_LARGEST = 2**63 - 1


@dataclass(frozen=True)
class Published:
    """A version that the reader may see; `standings` is the present state of its actions, as JSON texts."""

    pk: int
    number: int
    review: int
    incident: int
    status: str
    visibility: str
    published_at: datetime
    standings: tuple[str, ...]


@dataclass(frozen=True)
class Standing:
    """Where an action item stands now."""

    status: str
    owner: str
    due: date | None
    done_on: date | None
    reason: str

    @property
    def label(self) -> str:
        """The status in words."""
        return str(ActionStatus(self.status).label)

    @property
    def is_finished(self) -> bool:
        """Whether nothing is left to do."""
        return self.status not in UNFINISHED

    def days_overdue(self, today: date) -> int:
        """How many days it should have been done for; 0 where it is finished, not yet due or has no date."""
        return 0 if self.is_finished or self.due is None else max((today - self.due).days, 0)


@dataclass(frozen=True)
class Frozen:
    """What a version holds, and the versions before it as number, note and time, the newest first."""

    document: dict[str, Any]
    note: str
    earlier: list[tuple[int, str, datetime]]
    is_imported: bool


def find_published(person: Person, number: int, version: int | None = None) -> Published | None:
    """The latest version of review `number`, or the given one; None where `person` may not see it. One query."""
    if max(number, version or 0) > _LARGEST:
        return None
    which = {} if version is None else {"number": version}
    rows = _VERSIONS.rows((person.role, person.is_active), person=person.pk, incident=number, **which)
    for *facts, standings in rows:
        return Published(*[*facts, tuple(standings)])
    return None


def standings_of(published: Published) -> dict[int, Standing]:
    """The present state of the actions by their keys; one that is gone is missing."""
    found = {}
    for text in published.standings:
        row = json.loads(text)
        found[row["pk"]] = Standing(
            status=row["status"],
            owner=row["name"] or row["username"] or row["owner_as_written"],
            due=date.fromisoformat(row["due"]) if row["due"] else None,
            done_on=datetime.fromisoformat(row["done_at"]).date() if row["done_at"] else None,
            reason=row["reason"],
        )
    return found


def latest_number(published: Published) -> int:
    """The number of the newest version of the same review. One query."""
    numbers = Version.objects.filter(review=published.review).order_by("-number").values_list("number", flat=True)
    return numbers[0]


def frozen_of(published: Published) -> Frozen:
    """What the version holds. One query; the answer never changes."""
    rows = list(
        Version.objects.filter(review=published.review, number__lte=published.number)
        .order_by("-number")
        .values_list(
            "number",
            "note",
            "published_at",
            Case(When(pk=published.pk, then="document")),
            Exists(ImportedSource.objects.filter(review=OuterRef("review"))),
        )
    )
    (_, note, _, document, is_imported), *earlier = rows
    return Frozen(document, note, [row[:3] for row in earlier], is_imported)


def _versions(shape: tuple[str, bool], person: int, incident: int, **which: int) -> "QuerySet[Version, Any]":
    """Visible versions, the latest first, with all that a page of them reads live."""
    role, is_active = shape
    reader = Person(pk=person, role=role, is_active=is_active)
    standings = (
        ActionItem.objects.filter(incident=OuterRef("review"))
        .order_by("pk")
        .values_list(
            JSONObject(
                pk="pk",
                status="status",
                name="owner__name",
                username="owner__username",
                owner_as_written="owner_as_written",
                due="due",
                done_at="done_at",
                reason="reason",
            )
        )
    )
    return (
        Version.objects.visible_to(reader)
        .filter(review__incident__number=incident, **which)
        .order_by("-number")
        .values_list(
            "pk",
            "number",
            "review",
            "review__incident__number",
            "review__incident__status",
            "review__incident__visibility",
            "published_at",
            ArraySubquery(standings),
        )[:1]
    )


_VERSIONS = Prepared(_versions)
