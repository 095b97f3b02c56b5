"""Finding the published version that a reader asks for: access, version and the state of its actions in one query."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When
from django.db.models.functions import JSONObject

from accounts.access import takes_part_condition
from accounts.models import Person
from actions.models import UNFINISHED, ActionItem, ActionStatus
from core.prepared import Prepared
from followup.held.shown import Held, held_as_json, held_in
from incidents.models import Incident
from reviews.models import ImportedSource, Recurrence, Version
from reviews.naming.writing import Naming
from wiki.models import Reading
from wiki.neighbours import similar_to_read

_LARGEST = 2**63 - 1


@dataclass(frozen=True)
class Published:
    """A version that the reader may see. `standings` is the present state of its actions, as JSON texts, and so are
    `similar` reviews; `recurs`: some review is said to be a recurrence of another one, and this is one of the two.

    `takes_part`: the reader is one of those who may know whom its roles stand for. `is_read`, whether they have read it
    before, changes nothing on the page: two that differ in it alone are the same.
    """

    pk: int
    number: int
    review: int
    incident: int
    status: str
    visibility: str
    names_as_roles: bool
    published_at: datetime
    takes_part: bool
    standings: tuple[str, ...]
    similar: tuple[str, ...]
    recurs: bool
    is_read: bool = field(default=False, compare=False, repr=False)


@dataclass(frozen=True)
class Standing:
    """Where an action item stands now."""

    status: str
    owner: str
    due: date | None
    done_on: date | None
    reason: str
    held: Held | None = None
    evidence_html: str = ""
    has_evidence: bool = False
    verified_by: str = ""

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
    """What a version holds, and those before it that the reader may see as number, note and time, the newest first.

    `hides_earlier`: there are others, which name people; `naming` writes what is read live as the version is written.
    """

    document: dict[str, Any]
    note: str
    earlier: list[tuple[int, str, datetime]]
    is_imported: bool
    hides_earlier: bool = False
    naming: Naming | None = None


def find_published(person: Person, number: int, version: int | None = None) -> Published | None:
    """The latest version of review `number`, or the given one; None where `person` may not see it. One query."""
    if max(number, version or 0) > _LARGEST:
        return None
    which = {} if version is None else {"number": version}
    rows = _VERSIONS.rows((person.role, person.is_active), person=person.pk, incident=number, **which)
    for row in rows:
        values: list[Any] = [tuple(value) if isinstance(value, list) else value for value in row]
        return Published(*values)
    return None


def standings_of(published: Published, frozen: Frozen) -> dict[int, Standing]:
    """The present state of the actions by their keys, as the version is written; one that is gone is missing."""
    naming = frozen.naming
    reasons = {one["id"]: one.get("reason", "") for one in frozen.document["actions"]}
    found = {}
    for text in published.standings:
        row = json.loads(text)
        owner = row["name"] or row["username"] or row["owner_as_written"]
        if naming and owner:
            owner = naming.role_of(row["owner"]) if row["owner"] else naming.label_or_nobody(owner)
        found[row["pk"]] = Standing(
            status=row["status"],
            owner=owner,
            due=date.fromisoformat(row["due"]) if row["due"] else None,
            done_on=datetime.fromisoformat(row["done_at"]).date() if row["done_at"] else None,
            reason=_reason(row["reason"], reasons.get(row["pk"], ""), published, naming),
            held=held_in(row["held"], naming, takes_part=published.takes_part),
            evidence_html="" if naming else row["evidence"],
            has_evidence=bool(row["evidence"]),
            verified_by=_verifier(row["verifier"], naming),
        )
    return found


def _verifier(person: dict[str, Any], naming: Naming | None) -> str:
    if person["pk"] is None:
        return ""
    return naming.role_of(person["pk"]) if naming else person["name"] or person["username"]


def _reason(now: str, frozen: str, published: Published, naming: Naming | None) -> str:
    """Why an action will not be done. What was written after a version with roles may name whom it does not know, so
    it is for those who take part until it is published."""
    if naming is None:
        return now
    written = naming.written(now)
    return written if published.takes_part or written == frozen else ""


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
            "names_as_roles",
            Case(When(pk=published.pk, then="document")),
            Case(When(pk=published.pk, then="roles")),
            Exists(ImportedSource.objects.filter(review=OuterRef("review"))),
            Exists(Version.objects.filter(review=OuterRef("review"), names_as_roles=True)),
        )
    )
    _, note, _, _, document, roles, is_imported, has_roles = rows[0]
    earlier, is_open = [], not published.names_as_roles
    for number, said, at, names_as_roles, *_ in rows[1:]:
        if published.takes_part or names_as_roles or is_open:
            earlier.append((number, said, at))
        is_open = is_open and not names_as_roles
    return Frozen(
        document,
        note,
        earlier,
        is_imported and (published.takes_part or not has_roles),
        hides_earlier=len(earlier) < len(rows) - 1,
        naming=Naming.frozen(roles) if published.names_as_roles else None,
    )


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
                owner="owner",
                name="owner__name",
                username="owner__username",
                owner_as_written="owner_as_written",
                due="due",
                done_at="done_at",
                reason="reason",
                held=held_as_json(),
                evidence="evidence_html",
                verifier=JSONObject(pk="verified_by", name="verified_by__name", username="verified_by__username"),
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
            "names_as_roles",
            "published_at",
            Exists(Incident.objects.filter(takes_part_condition(reader, "pk"), pk=OuterRef("review"))),
            ArraySubquery(standings),
            similar_to_read(OuterRef("review")),
            Exists(Recurrence.objects.filter(Q(review=OuterRef("review")) | Q(earlier=OuterRef("review")))),
            Exists(Reading.objects.filter(person=person, incident=OuterRef("review"))),
        )[:1]
    )


_VERSIONS = Prepared(_versions)
