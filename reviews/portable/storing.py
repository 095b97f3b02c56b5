"""Keeping a review that Debrief exported: every row as the file says, its numbers and its state where they may be."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.text import slugify

from accounts.models import Person
from actions.models import ActionChange, ActionItem, ChangedField
from catalog.models import CauseCategory, Service, Team
from catalog.queries import find_by_slug, find_service
from core.markdown import render
from incidents.models import Grant, Incident, Participant, Status, Visibility
from reviews.importing.named_here import people_by_name, service_called
from reviews.models import Evidence, Factor, Recurrence, Review, ReviewTemplate, Section, Why
from reviews.portable.gathering import Document
from reviews.publishing import publish_review
from timeline.models import Event, Perspective

_FACTS = ("title", "severity", "detected_by", "occurred_at", "occurred_is_date", "time_zone")
_OF_ACTION = (
    "title", "done_when", "details", "kind", "due", "status", "done_at", "reason", "evidence", "tracker_url",
)  # fmt: skip
_LARGEST_NUMBER = 1_000_000_000


@dataclass
class Restored:
    """A review as it was kept, and what of it could not be: for people."""

    review: Review
    problems: list[str] = field(default_factory=list)


def known_here(document: Document) -> Review | None:
    """The review that this very document tells of, where it is here already: of the same number and instant."""
    if not document["number"] or not document["recorded_at"]:
        return None
    found = Review.objects.filter(
        incident__number=document["number"], incident__created_at=document["recorded_at"]
    ).select_related("incident", "template")
    return found.first()


def store_document(document: Document, owner: Person | None, *, trusted: bool) -> Restored:
    """Make a review of `document`, in the caller's transaction, as a draft; `publish_as_told` does the rest.

    `trusted`: it comes from an administrator, so it keeps its number and makes cause categories that are new.
    """
    return _Storing(document, owner, trusted).store()


def publish_as_told(
    review: Review, document: Document, *, anyway: bool = False, publisher: Person | None = None
) -> None:
    """Publish what was published when it was exported, at the same time; everything else only `anyway`."""
    status = document["status"]
    was = status in (Status.PUBLISHED, Status.ARCHIVED)
    if was or anyway:
        at = document["published_at"]
        at = min(at, timezone.now()) if at else None
        publish_review(publisher, review, document["note"] if was else "", accept_missing=True, published_at=at)
    if status in (Status.ARCHIVED, Status.IN_REVIEW) and not (anyway and status == Status.IN_REVIEW):
        Incident.objects.filter(pk=review.pk).update(status=status)
        review.incident.status = status


def restore_recurrences(reviews: Iterable[tuple[Review, Document]]) -> None:
    """Say again what happened before, among reviews that kept their numbers; others are passed over."""
    for review, document in reviews:
        if not document["recurrence_of"] or review.incident.number != document["number"]:
            continue
        earlier = Review.objects.filter(incident__number__in=document["recurrence_of"]).exclude(pk=review.pk)
        Recurrence.objects.bulk_create(
            (Recurrence(review=review, earlier=one) for one in earlier), ignore_conflicts=True
        )


class _Storing:
    """One document on its way into rows."""

    def __init__(self, document: Document, owner: Person | None, trusted: bool) -> None:
        self.document, self.owner, self.trusted = document, owner, trusted
        self.problems: list[str] = []
        self.people = people_by_name()
        self.causes: dict[str, CauseCategory] = {}

    def store(self) -> Restored:
        document = self.document
        incident = self._incident()
        review = Review.objects.create(
            incident=incident,
            authors_as_written=document["authors"],
            names_as_roles=document["names_as_roles"],
            template=self._template(),
        )
        review.causes.set([cause for one in document["causes"] if (cause := self._cause(one))])
        Section.objects.bulk_create(
            Section(review=review, kind=kind, text=text, html=render(text), updated_by=self.owner)
            for kind, text in document["sections"].items()
            if text.strip()
        )
        events = self._events(incident)
        whys = self._whys(review, events)
        actions = self._actions(incident)
        self._factors(review, whys, actions)
        return Restored(review, self.problems)

    def _incident(self) -> Incident:
        document = self.document
        numbered = {"number": number} if (number := self._number()) else {}
        incident = Incident.objects.create(
            **numbered,
            **{name: document[name] for name in _FACTS},
            **document["stated"],
            tags=document["tags"],
            visibility=document["visibility"],
            created_by=self.owner,
        )
        incident.refresh_from_db()
        if self.trusted and document["recorded_at"]:
            incident.created_at = min(document["recorded_at"], timezone.now())
            incident.save(update_fields=["created_at"])
        incident.services.set([service for one in document["services"] if (service := _service(one))])
        self._take_part(incident)
        if incident.visibility == Visibility.RESTRICTED:
            self._readers(incident)
        return incident

    def _number(self) -> int | None:
        """The number that the document asks for, unless some incident ever had it here."""
        number: int | None = self.document["number"]
        if not self.trusted or number is None or number > _LARGEST_NUMBER:
            return None
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM incidents_usednumber WHERE number = %s", [number])
            if cursor.fetchone():
                self.problems.append(f"Its number {number} was given to another review here, so it has a new one.")
                return None
            cursor.execute(
                "SELECT setval('incidents_number', %s) FROM incidents_number WHERE last_value < %s", [number, number]
            )
        return number

    def _take_part(self, incident: Incident) -> None:
        found: dict[tuple[int, str], Participant] = {}
        missing = []
        for one in self.document["people"]:
            person = self.people.get(one["username"].casefold()) or self.people.get(one["name"].casefold())
            if person is None:
                missing.append(f"{one['name']} ({one['role']})")
            else:
                found[person.pk, one["role"]] = Participant(incident=incident, person=person, role=one["role"])
        if self.owner is not None:
            key = (self.owner.pk, "author")
            found.setdefault(key, Participant(incident=incident, person=self.owner, role="author"))
        Participant.objects.bulk_create(found.values())
        if missing and not self.document["names_as_roles"]:
            self.problems.append(f"Nobody here has the name of who took part: {', '.join(missing)}.")

    def _readers(self, incident: Incident) -> None:
        readers = self.document["readers"]
        people = {one.username: one for one in Person.objects.filter(username__in=readers["people"])}
        teams = {one.slug: one for one in Team.objects.filter(slug__in=readers["teams"])}
        Grant.objects.bulk_create(Grant(incident=incident, person=one) for one in people.values())
        Grant.objects.bulk_create(Grant(incident=incident, team=one) for one in teams.values())
        missing = sorted({*readers["people"], *readers["teams"]} - {*people, *teams})
        if missing:
            self.problems.append(f"Readers of this restricted review that are not known here: {', '.join(missing)}.")

    def _template(self) -> ReviewTemplate | None:
        slug = self.document["template"]
        template = ReviewTemplate.objects.filter(slug=slug).first() if slug else None
        if slug and template is None:
            self.problems.append(f"There is no template “{slug}” here; its sections have their usual titles.")
        return template

    def _cause(self, named: Mapping[str, str] | None) -> CauseCategory | None:
        if named is None:
            return None
        slug = named["slug"]
        if slug not in self.causes:
            cause = find_by_slug(CauseCategory.objects.all(), slug)
            if cause is None and self.trusted:
                cause = CauseCategory.objects.create(slug=slug, name=named["name"], position=1000)
            if cause is None:
                self.problems.append(f"There is no cause category “{named['name']}” here; it was left out.")
                return None
            self.causes[slug] = cause
        return self.causes[slug]

    def _events(self, incident: Incident) -> dict[int, Event]:
        told = self.document["events"]
        made = Event.objects.bulk_create(
            Event(
                incident=incident,
                position=position,
                occurred_at=one["at"],
                html=render(one["text"]),
                created_by=self.owner,
                **{name: one[name] for name in ("zone", "kind", "text", "written_as", "source_url")},
            )
            for position, one in enumerate(told)
        )
        Perspective.objects.bulk_create(
            Perspective(
                event=event,
                position=position,
                person=(person := self.people.get(seen["who"].casefold())),
                who="" if person else seen["who"],
                known=seen["known"],
                known_html=render(seen["known"]) if seen["known"] else "",
                sense=seen["sense"],
                sense_html=render(seen["sense"]) if seen["sense"] else "",
            )
            for event, one in zip(made, told, strict=True)
            for position, seen in enumerate(one["perspectives"])
        )
        return {one["id"]: event for event, one in zip(made, told, strict=True) if one["id"]}

    def _whys(self, review: Review, events: dict[int, Event]) -> dict[int, Why]:
        found: dict[int, Why] = {}
        waiting: list[tuple[Document, Why | None, int]] = [
            (one, None, position) for position, one in enumerate(self.document["whys"])
        ]
        while waiting:
            one, parent, position = waiting.pop()
            why = Why.objects.create(
                review=review,
                parent=parent,
                position=position,
                answer_html=render(one["answer"]) if one["answer"] else "",
                cause=self._cause(one["cause"]),
                **{name: one[name] for name in ("question", "answer", "is_root_cause")},
            )
            if one["id"]:
                found[one["id"]] = why
            self._cite(why, one["evidence"], events)
            waiting.extend((child, why, place) for place, child in enumerate(one["children"]))
        return found

    def _cite(self, why: Why, evidence: Iterable[Document], events: dict[int, Event]) -> None:
        cited = [(events.get(proof["event"]), proof["url"], proof["label"]) for proof in evidence]
        Evidence.objects.bulk_create(
            (
                Evidence(why=why, event=event, url=url, label=label, position=position)
                for position, (event, url, label) in enumerate(cited)
                if event or url
            ),
            ignore_conflicts=True,
        )

    def _actions(self, incident: Incident) -> dict[int, ActionItem]:
        told = self.document["actions"]
        named = dict.fromkeys(one["team"] for one in told if one["team"])
        teams = {name: self._team(name) for name in named}
        made = ActionItem.objects.bulk_create(
            ActionItem(
                incident=incident,
                position=position,
                details_html=render(one["details"]) if one["details"] else "",
                evidence_html=render(one["evidence"]) if one["evidence"] else "",
                **self._verified(one),
                owner=(owner := self.people.get(one["owner"].casefold())),
                owner_as_written="" if owner else one["owner"],
                team=teams.get(one["team"]),
                **{name: one[name] for name in _OF_ACTION},
            )
            for position, one in enumerate(told)
        )
        found = {one["id"]: action for action, one in zip(made, told, strict=True) if one["id"]}
        self._link(list(zip(made, told, strict=True)), found)
        return found

    def _verified(self, one: Document) -> dict[str, Any]:
        """Who says that it is done, where an administrator vouches for the file."""
        if not self.trusted:
            return {}
        person = self.people.get(one["verified_by"].casefold())
        if one["verified_by"] and not person and not self.document["names_as_roles"]:
            self.problems.append(
                f"Nobody here has the name of who verified an action item, so it is not verified: {one['verified_by']}."
            )
        return {"verified_by": person, "verified_at": one["verified_at"]} if person and one["verified_at"] else {}

    def _link(self, actions: list[tuple[ActionItem, Document]], found: Mapping[int, ActionItem]) -> None:
        """What was split, merged and waits for what; and how their due dates moved."""
        for action, one in actions:
            action.split_from = _other(action, found.get(one["split_from"]))
            action.merged_into = _other(action, found.get(one["merged_into"]))
            action.waits_for.set({found[key] for key in one["waits_for"] if key in found} - {action})
        ActionItem.objects.bulk_update([action for action, _ in actions], ["split_from", "merged_into"])
        moves = [
            (
                ActionChange(
                    action=action, field=ChangedField.DUE, **_move(moved, self.people if self.trusted else {})
                ),
                moved["at"],
            )
            for action, one in actions
            for moved in one["moved_due"]
        ]
        made = ActionChange.objects.bulk_create(change for change, _ in moves)
        for change, (_, at) in zip(made, moves, strict=True):
            change.at = min(at, timezone.now())
        ActionChange.objects.bulk_update(made, ["at"])

    def _team(self, name: str) -> Team | None:
        """The team of that name; an administrator's import makes it, without members, where it is new."""
        known = Team.objects.filter(name__iexact=name).first()
        if known is not None or not self.trusted:
            if known is None:
                self.problems.append(f"There is no team “{name}” here; its action items are nobody's.")
            return known
        slug = slugify(name)[:80].strip("-") or "team"
        if Team.objects.filter(slug=slug).exists():
            slug = f"{slug[:70]}-{uuid.uuid4().hex[:8]}"
        return Team.objects.create(slug=slug, name=name)

    def _factors(self, review: Review, whys: dict[int, Why], actions: dict[int, ActionItem]) -> None:
        for position, one in enumerate(self.document["factors"]):
            factor = Factor.objects.create(
                review=review,
                position=position,
                text=one["text"],
                html=render(one["text"]),
                cause=self._cause(one["cause"]),
                why=whys.get(one["why"]),
            )
            factor.actions.set([actions[key] for key in one["actions"] if key in actions])


def _other(action: ActionItem, found: ActionItem | None) -> ActionItem | None:
    return None if found is action else found


def _move(moved: Document, people: Mapping[str, Person | None]) -> dict[str, Any]:
    return {
        "before": moved["from"].isoformat(),
        "after": moved["to"].isoformat() if moved["to"] else "",
        "note": moved["why"],
        "by": people.get(moved["by"].casefold()),
    }


def _service(named: Mapping[str, str]) -> Service | None:
    """The service of that slug, else of that name, else a new one with both."""
    known = find_by_slug(Service.objects.all(), named["slug"]) or find_service(named["name"])
    if known is not None:
        return known
    taken = Service.objects.filter(name__iexact=named["name"]).exists()
    return service_called(named["name"]) if taken else Service.objects.create(**named)
