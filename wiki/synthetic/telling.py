"""One made-up review: the rows of its draft, and the version and index texts that publishing them would give."""

import json
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from accounts.models import Person
from actions.models import ActionKind, ActionStatus
from catalog.models import CauseCategory
from incidents.models import DetectedBy, ParticipantRole, Status, Visibility
from reviews.models import SectionKind, Version
from timeline.models import EventKind
from wiki.indexing import Aliases, indexed_of
from wiki.searchable import disguised
from wiki.synthetic.copying import Copies
from wiki.synthetic.organisation import Organisation, Owned
from wiki.synthetic.words import Writer

FIRST_DAY = datetime(2017, 1, 2, tzinfo=UTC)
LAST_DAY = datetime(2026, 10, 30, tzinfo=UTC)  # fixed: the same seed gives the same data on any day
_WORDS = {SectionKind.SUMMARY: 25, SectionKind.IMPACT: 15, SectionKind.NARRATIVE: 45, SectionKind.LESSONS: 12}
# Kind, and about how many minutes after the beginning.
_COURSE = [
    (EventKind.CHANGE, -15), (EventKind.DETECTION, 6), (EventKind.RESPONSE, 11), (EventKind.MITIGATION, 50),
    (EventKind.RESOLUTION, 90),
]  # fmt: skip
_SEVERITIES = ["sev1"] + ["sev2"] * 4 + ["sev3"] * 8 + ["sev4"] * 5 + ["sev5"] * 2
_TAGS = ["deploy", "database", "network", "customer-facing", "data-loss", "third-party", "holiday", "on-call"]
RESTRICTED, ARCHIVED, STILL_OPEN = 0.02, 0.03, 0.05


class Teller:
    """Tells one review after the other, the earliest incident first, since they are published in about that order."""

    def __init__(self, random: Random, writer: Writer, organisation: Organisation, aliases: Aliases) -> None:
        self._random = random
        self._writer = writer
        self._organisation = organisation
        self._aliases = aliases

    def tell(self, share: float, copies: Copies) -> None:
        """Add the rows of a review at `share` (0 to 1) of all there will be: the later, the closer together."""
        random = self._random
        start = FIRST_DAY + (LAST_DAY - timedelta(days=40) - FIRST_DAY) * (share**0.5)
        start += timedelta(minutes=random.randrange(20 * 24 * 60))
        start = start.replace(second=0, microsecond=0)
        services = self._services()
        cause, cause_topic = random.choice(self._organisation.causes)
        _Story(random, self._writer, copies, services, cause, [*services[0].topic, *cause_topic], start).tell(
            random.choice(self._organisation.facilitators), self._aliases
        )

    def _services(self) -> list[Owned]:
        """One, two or three services; those early in the list are met often."""
        known = self._organisation.services
        count = self._random.choice([1, 1, 1, 2, 2, 3])
        places = {int(len(known) * self._random.random() ** 2) for _ in range(count)}
        return [known[place] for place in sorted(places)]


class _Story:
    """One review while its rows are being made."""

    def __init__(
        self,
        random: Random,
        writer: Writer,
        copies: Copies,
        services: list[Owned],
        cause: CauseCategory,
        topic: list[str],
        start: datetime,
    ) -> None:
        self.random = random
        self.writer = writer
        self.copies = copies
        self.services = sorted(services, key=lambda one: one.service.name)
        self.owned = services[0]
        self.cause = cause
        self.topic = topic
        self.start = start
        self.pk = copies.next_key("incidents_incident")
        self.published_at = start + timedelta(days=random.randint(2, 15), hours=random.randrange(24))

    def tell(self, facilitator: Person, aliases: Aliases) -> None:
        """Add every row."""
        random = self.random
        author = random.choice(self.owned.members)
        document: dict[str, Any] = {
            "number": self.copies.next_number(),
            "title": self.writer.line(random.randint(4, 7), self.topic),
            "severity": random.choice(_SEVERITIES),
            "services": [_named(one.service) for one in self.services],
            "causes": [_named(self.cause)],
            "occurred_at": _iso(self.start),
            "occurred_is_date": False,
            "time_zone": "UTC",
            "detected_by": self.random.choice(_NOTICED),
        }
        moments = self._moments()
        document["milestones"] = {
            "started_at": _iso(self.start),
            **{f"{name}_at": _iso(moments[place]) for place, name in enumerate(_MILESTONES, 1)},
        }
        document["tags"] = sorted(random.sample(_TAGS, random.randint(0, 2)))
        document["authors"] = [author.name]
        self._add_incident(document, author, moments)
        document["people"] = self._people(author, facilitator)
        document["sections"] = self._sections(author)
        document["events"] = self._events(author, moments)
        document["whys"] = self._whys()
        document["factors"] = self._factors(document["whys"][0]["id"])
        document["actions"] = self._actions(document["factors"])
        self._publish(document, author, aliases)

    def _moments(self) -> list[datetime]:
        pace = self.random.uniform(0.5, 4)
        return [self.start + timedelta(minutes=round(minutes * pace)) for _, minutes in _COURSE]

    def _add_incident(self, document: dict[str, Any], author: Person, moments: list[datetime]) -> None:
        restricted = self.random.random() < RESTRICTED
        status = Status.ARCHIVED if self.random.random() < ARCHIVED else Status.PUBLISHED
        visibility = Visibility.RESTRICTED if restricted else Visibility.INTERNAL
        self.copies.add(
            "incidents_incident", self.pk, document["number"], document["title"], document["severity"], status,
            visibility, self.start, False, document["detected_by"], *moments[1:], "UTC", document["tags"], author.pk,
            moments[1],
        )  # fmt: skip
        for one in self.services:
            self.copies.add("incidents_incident_services", self.pk, one.service.pk)
        if restricted:
            self.copies.add("incidents_grant", self.pk, None, self.owned.team.pk)
        self.copies.add("reviews_review", self.pk, [], False)
        self.copies.add("reviews_review_causes", self.pk, self.cause.pk)

    def _people(self, author: Person, facilitator: Person) -> list[dict[str, str]]:
        taking_part = {
            ParticipantRole.AUTHOR: author,
            ParticipantRole.FACILITATOR: facilitator,
            ParticipantRole.RESPONDER: self.random.choice(self.owned.members),
        }
        for role, person in taking_part.items():
            self.copies.add("incidents_participant", self.pk, person.pk, role)
        return [{"name": person.name, "role": role, "role_label": role.label} for role, person in taking_part.items()]

    def _sections(self, author: Person) -> dict[str, dict[str, str]]:
        sections = {}
        for kind, words in _WORDS.items():
            text = self.writer.prose(words, self.topic)
            sections[kind.value] = {"text": text, "html": f"<p>{text}</p>"}
            self.copies.add("reviews_section", self.pk, kind, text, f"<p>{text}</p>", 1, self.published_at, author.pk)
        return sections

    def _events(self, author: Person, moments: list[datetime]) -> list[dict[str, Any]]:
        events = []
        for position, (at, (kind, _)) in enumerate(zip(moments, _COURSE, strict=True)):
            key, text = self.copies.next_key("timeline_event"), self.writer.prose(7, self.topic)
            html = f"<p>{text}</p>"
            self.copies.add(
                "timeline_event", key, self.pk, at, "UTC", "", kind, text, html, "", position, author.pk, at
            )
            events.append(
                {
                    "id": key, "at": _iso(at), "zone": "UTC", "kind": kind.value, "kind_label": kind.label,
                    "text": text, "html": html, "written_as": "", "source_url": "", "perspectives": [],
                }
            )  # fmt: skip
        return events

    def _whys(self) -> list[dict[str, Any]]:
        key = self.copies.next_key("reviews_why")
        question = f"Why {self.writer.line(6, self.topic).lower()}?"
        answer = self.writer.prose(9, self.topic)
        html = f"<p>{answer}</p>"
        self.copies.add("reviews_why", key, self.pk, None, 0, question, answer, html, True, self.cause.pk)
        why = {"id": key, "question": question, "answer": answer, "answer_html": html, "is_root_cause": True}
        return [{**why, "cause": _named(self.cause), "evidence": [], "children": []}]

    def _factors(self, why: int) -> list[dict[str, Any]]:
        factors = []
        for position in range(2):
            key, text = self.copies.next_key("reviews_factor"), self.writer.prose(9, self.topic)
            cause, found_by = (self.cause, why) if position == 0 else (None, None)
            html = f"<p>{text}</p>"
            self.copies.add("reviews_factor", key, self.pk, text, html, cause.pk if cause else None, found_by, position)
            named = _named(cause) if cause else None
            factors.append({"id": key, "text": text, "html": html, "cause": named, "why": found_by, "actions": []})
        return factors

    def _actions(self, factors: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """One action for each factor, most of them done in time."""
        actions = []
        for position, factor in enumerate(factors):
            key, title = self.copies.next_key("actions_actionitem"), self.writer.line(6, self.topic)
            owner, kind = self.random.choice(self.owned.members), self.random.choice(list(ActionKind))
            due = (self.published_at + timedelta(days=self.random.randint(14, 90))).date()
            status, done_at = self._standing(due)
            self.copies.add(
                "actions_actionitem", key, self.pk, title, "", "", kind, status, "", "", "", "", owner.pk, "",
                self.owned.team.pk, due, done_at, "", position, self.published_at,
            )  # fmt: skip
            self.copies.add("reviews_factor_actions", factor["id"], key)
            factor["actions"].append(key)
            actions.append(
                {
                    "id": key, "title": title, "done_when": "", "details": "", "details_html": "", "kind": kind.value,
                    "kind_label": kind.label, "owner": owner.name, "team": self.owned.team.name,
                    "due": due.isoformat(), "reason": "",
                }
            )  # fmt: skip
        return actions

    def _standing(self, due: date) -> tuple[ActionStatus, datetime | None]:
        if due >= LAST_DAY.date() or self.random.random() < STILL_OPEN:
            return self.random.choice([ActionStatus.OPEN, ActionStatus.IN_PROGRESS]), None
        return ActionStatus.DONE, datetime(due.year, due.month, due.day, tzinfo=UTC)

    def _publish(self, document: dict[str, Any], author: Person, aliases: Aliases) -> None:
        version = Version(review_id=self.pk, number=1, document=document, published_at=self.published_at)
        self.copies.add(
            "reviews_version", self.pk, 1, json.dumps(document), "", False, "[]", self.published_at, author.pk
        )
        indexed = indexed_of(version, aliases)
        entry = indexed.entry
        self.copies.add(
            "wiki_synthetic_entry", entry.incident_id, entry.occurred_at, entry.severity, entry.service_ids,
            entry.cause_ids, entry.names_as_roles, entry.tags, entry.published_at, entry.duration, entry.title,
            entry.summary, disguised(indexed.body), *(indexed.texts[weight] for weight in "ABCD"),
        )  # fmt: skip


_NOTICED = ["", *DetectedBy.values]
_MILESTONES = ["detected", "responded", "mitigated", "resolved"]


def _named(row: Any) -> dict[str, Any]:
    return {"id": row.pk, "slug": row.slug, "name": row.name}


def _iso(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
