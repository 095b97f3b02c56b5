"""Loading the demo organisation from its files into an empty database.

A text may link to a review loaded before it by the number of its file: `[last year](review:02)`. So does `recurs_from`,
which says what happened before.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.urls import reverse

from accounts.models import Person
from actions.models import ActionChange, ActionItem, ActionStatus, ChangedField
from catalog.models import CauseCategory, Service, ServiceAlias, Team
from core import audit
from core.markdown import render
from core.zones import zone_named
from incidents.models import Incident, Participant
from reviews.history import record
from reviews.models import Evidence, Factor, Origin, Recurrence, Review, Section, Why
from reviews.publishing import publish_review
from timeline.models import Event

FOLDER = Path(__file__).parent
PASSWORD = "debrief-demo"  # noqa: S105  printed by `make run`
WRITTEN_AFTER = timedelta(days=2)
PUBLISHED_AFTER = timedelta(days=6)
REVIEW_LINK = re.compile(r"\]\(review:(\w+)\)")


@transaction.atomic
def load_demo(today: date) -> int:
    """Fill an empty database with the demo organisation, dated relative to `today`; returns the number of reviews."""
    organisation = yaml.safe_load((FOLDER / "organisation.yaml").read_text())
    _load_people(organisation["people"])
    _load_teams(organisation["teams"])
    _load_services(organisation["services"])
    paths = sorted((FOLDER / "reviews").glob("*.yaml"))
    stories = {path.stem.partition("-")[0]: yaml.safe_load(path.read_text()) for path in paths}
    addresses: dict[str, str] = {}
    for name, story in sorted(stories.items(), key=lambda pair: -pair[1]["days_ago"]):
        addresses[name] = _Story(story, today, addresses).load()
    audit.record(None, "load-demo", "organisation", organisation.get("company", ""))
    return len(stories)


def _load_people(people: list[dict[str, Any]]) -> None:
    for entry in people:
        person = Person(
            username=entry["username"],
            name=entry["name"],
            role=entry["role"],
            time_zone=entry.get("timezone", "UTC"),
            email=f"{entry['username']}@example.org",
            is_staff=entry["role"] == "administrator",
            is_superuser=entry["role"] == "administrator",
        )
        person.set_password(PASSWORD)
        person.save()


def _load_teams(teams: list[dict[str, Any]]) -> None:
    for entry in teams:
        team = Team.objects.create(slug=entry["slug"], name=entry["name"], about=entry.get("about", ""))
        for username in dict.fromkeys([*filter(None, [entry.get("lead")]), *entry.get("members", [])]):
            team.memberships.create(person=_person(username), is_lead=username == entry.get("lead"))


def _load_services(services: list[dict[str, Any]]) -> None:
    for entry in services:
        owner = entry.get("owner") or entry.get("owner_team") or entry.get("team")
        service = Service.objects.create(
            slug=entry["slug"],
            name=entry["name"],
            about=entry.get("about", ""),
            owner=Team.objects.get(slug=owner) if owner else None,
        )
        ServiceAlias.objects.bulk_create(
            ServiceAlias(service=service, name=alias) for alias in entry.get("aliases") or []
        )


class _Story:
    """One review of the demo while it is being loaded."""

    def __init__(self, story: dict[str, Any], today: date, addresses: dict[str, str]) -> None:
        self.story = story
        self.today = today
        self.addresses = addresses
        self.whys: dict[str, Why] = {}
        self.events: dict[str, Event] = {}
        self.zone = story["zone"]
        self.start = self._local(today - timedelta(days=story["days_ago"]), story["start"])
        self.author = _person(story["author"])

    def load(self) -> str:
        """Create the incident, its review and all their parts; publish it if the story says so.

        Returns the address of the review.
        """
        story = self.story
        self.incident = Incident.objects.create(
            title=story["title"],
            severity=story.get("severity") or "",
            detected_by=story.get("detected_by") or "",
            occurred_at=self.start,
            time_zone=self.zone,
            visibility=story.get("visibility", "internal"),
            status="draft" if story["status"] == "published" else story["status"],
            tags=story.get("tags") or [],
            created_by=self.author,
        )
        self.incident.services.set(Service.objects.filter(slug__in=story.get("services") or []))
        self.review = Review.objects.create(incident=self.incident, names_as_roles="roles" in story)
        for username, role in (story.get("roles") or {}).items():
            self.review.role_names.create(person=_person(username), role=role)
        for earlier in story.get("recurs_from") or []:
            number = int(self.addresses[earlier].strip("/").rpartition("/")[2])
            before = Review.objects.get(incident__number=number)
            Recurrence.objects.create(review=self.review, earlier=before, person=self.author)
        self._load_people()
        self._load_sections(story.get("sections") or {}, self.start + WRITTEN_AFTER)
        self._load_events()
        self._load_whys(story.get("whys") or [], None)
        self._load_factors()
        if story["status"] == "published":
            self._publish(self.start + PUBLISHED_AFTER)
            if revised := story.get("revised"):
                again = self.start + PUBLISHED_AFTER + timedelta(days=revised["after_days"])
                self._load_sections(revised["sections"], again - timedelta(hours=1))
                self._publish(again, revised["note"])
        return reverse("review", args=[self.incident.number])

    def _load_people(self) -> None:
        roles = [(self.story["author"], "author"), (self.story.get("facilitator"), "facilitator")]
        roles += [(one["person"], one["role"]) for one in self.story.get("participants") or []]
        for username, role in dict.fromkeys(roles):
            if username:
                Participant.objects.create(incident=self.incident, person=_person(username), role=role)
        for one in self.story.get("reviewers") or []:
            asked_at = min(self.start + PUBLISHED_AFTER, self._midnight_today())
            values = {"asked_by": self.author, "asked_at": asked_at, "request": one["request"]}
            self.review.approvals.create(person=_person(one["person"]), **values)
        readers = self.story.get("restricted_to") or {}
        for username in readers.get("people") or []:
            self.incident.grants.create(person=_person(username))
        for slug in readers.get("teams") or []:
            self.incident.grants.create(team=Team.objects.get(slug=slug))

    def _load_sections(self, sections: dict[str, str], at: datetime) -> None:
        at = min(at, self._midnight_today())
        known = dict(self.review.sections.values_list("kind", "text"))
        for kind, written in sections.items():
            text, before = self._linked(written), known.get(kind, "")
            place, people = f"section:{kind}", [self.author.pk]
            if text != before:
                record(self.review.pk, place, before, text, people, origin=Origin.TYPED, at=at, whole=True)
            values = {"text": text, "html": render(text), "updated_by": self.author}
            Section.objects.update_or_create(review=self.review, kind=kind, defaults=values)

    def _publish(self, at: datetime, note: str = "") -> None:
        publish_review(self.author, self.review, note, published_at=min(at, self._midnight_today()))

    def _load_events(self) -> None:
        for position, entry in enumerate(self.story.get("timeline") or []):
            event = self.events[str(entry["at"])] = Event.objects.create(
                incident=self.incident,
                occurred_at=self._at(str(entry["at"])),
                zone=self.zone,
                kind=entry["kind"],
                text=entry["text"],
                html=render(entry["text"]),
                source_url=entry.get("source_url") or "",
                position=position,
                created_by=self.author,
            )
            self._load_perspectives(event, entry.get("perspectives") or [])

    def _load_perspectives(self, event: Event, entries: list[dict[str, str]]) -> None:
        for position, entry in enumerate(entries):
            known, sense = entry.get("known", ""), entry.get("sense", "")
            event.perspectives.create(
                person=_person(entry["person"]) if "person" in entry else None,
                who=entry.get("who", ""),
                known=known,
                known_html=render(known) if known else "",
                sense=sense,
                sense_html=render(sense) if sense else "",
                position=position,
            )

    def _load_whys(self, entries: list[dict[str, Any]], parent: Why | None) -> None:
        for position, entry in enumerate(entries):
            answer = entry.get("answer") or ""
            why = Why.objects.create(
                review=self.review,
                parent=parent,
                position=position,
                question=entry["question"],
                answer=answer,
                answer_html=render(answer) if answer else "",
                is_root_cause=bool(entry.get("root_cause")),
                cause=_cause(entry.get("cause")),
            )
            if "id" in entry:
                self.whys[entry["id"]] = why
            self._load_evidence(entry.get("cites") or [], why)
            self._load_whys(entry.get("children") or [], why)

    def _load_evidence(self, entries: list[dict[str, str]], why: Why) -> None:
        """What an answer cites: an event by the time that its story gives it, or a link."""
        for position, entry in enumerate(entries, 1):
            event = self.events[entry["event"]] if "event" in entry else None
            link = {name: entry.get(name, "") for name in ("url", "label")}
            Evidence.objects.create(why=why, event=event, position=position, **link)

    def _load_factors(self) -> None:
        factors = {}
        for position, entry in enumerate(self.story.get("factors") or []):
            factors[entry["id"]] = Factor.objects.create(
                review=self.review,
                text=entry["text"],
                html=render(entry["text"]),
                cause=_cause(entry.get("cause")),
                why=self.whys[entry["why"]] if "why" in entry else None,
                position=position,
            )
        for position, entry in enumerate(self.story.get("actions") or []):
            action = self._load_action(entry, position)
            for name in entry.get("removes") or []:
                factors[name].actions.add(action)

    def _load_action(self, entry: dict[str, Any], position: int) -> ActionItem:
        done = entry.get("status") == ActionStatus.DONE
        done_on = self.today - timedelta(days=entry.get("done_days_ago") or 1)
        details = self._linked(entry.get("details") or "")
        evidence = entry.get("evidence") or ""
        verified_on = self.today - timedelta(days=entry.get("verified_days_ago") or 0)
        action = ActionItem.objects.create(
            incident=self.incident,
            title=entry["title"],
            details=details,
            details_html=render(details) if details else "",
            done_when=entry.get("done_when") or "",
            kind=entry["kind"],
            status=entry.get("status") or ActionStatus.OPEN,
            reason=entry.get("reason") or "",
            owner=_person(entry["owner"]) if entry.get("owner") else None,
            team=Team.objects.get(slug=entry["team"]) if entry.get("team") else None,
            due=self.today + timedelta(days=entry["due_days"]) if entry.get("due_days") is not None else None,
            done_at=self._local(done_on, "16:00") if done else None,
            evidence=evidence,
            evidence_html=render(evidence) if evidence else "",
            verified_by=_person(entry["verified_by"]) if entry.get("verified_by") else None,
            verified_at=self._local(verified_on, "10:30") if entry.get("verified_by") else None,
            position=position,
        )
        written_at = min(self.start + PUBLISHED_AFTER, self._midnight_today())
        ActionItem.objects.filter(pk=action.pk).update(created_at=written_at)
        self._load_moves(action, entry.get("moved") or [])
        return action

    def _load_moves(self, action: ActionItem, moves: list[dict[str, Any]]) -> None:
        """How its due date moved: each from a day to that of the next one, at last to its own."""
        days = [self.today + timedelta(days=one["from_days"]) for one in moves]
        for one, before, after in zip(moves, days, [*days[1:], action.due], strict=False):
            change = ActionChange.objects.create(
                action=action,
                field=ChangedField.DUE,
                before=before.isoformat(),
                after=after.isoformat() if after else "",
                note=one["why"],
                by=_person(one["by"]),
            )
            moved_on = self._local(self.today - timedelta(days=one["days_ago"]), "11:15")
            ActionChange.objects.filter(pk=change.pk).update(at=moved_on)

    def _linked(self, text: str) -> str:
        return REVIEW_LINK.sub(lambda link: f"]({self.addresses[link[1]]})", text)

    def _at(self, written: str) -> datetime:
        """An instant written as "+90m", "+2h", "+1h30m", "-5m" from the start, or as "HH:MM" on its day."""
        if written[0] not in "+-":
            return self._local(self.start.astimezone(zone_named(self.zone)).date(), written)
        hours, _, minutes = written[1:].rpartition("h")
        minutes = minutes.rstrip("m")
        distance = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
        return self.start - distance if written[0] == "-" else self.start + distance

    def _local(self, day: date, clock: str) -> datetime:
        hour, minute = map(int, clock.split(":"))
        return datetime.combine(day, time(hour, minute), tzinfo=zone_named(self.zone)).astimezone(UTC)

    def _midnight_today(self) -> datetime:
        return datetime.combine(self.today, time(0), tzinfo=UTC)


def _person(username: str) -> Person:
    return Person.objects.get(username=username)


def _cause(slug: str | None) -> CauseCategory | None:
    return CauseCategory.objects.get(slug=slug) if slug else None
