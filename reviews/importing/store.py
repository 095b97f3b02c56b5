"""Keeping an imported write-up: from parsed text to a review with its source, in one transaction a file."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import Person
from actions.models import ActionItem, ActionStatus
from catalog.models import CauseCategory, Service
from catalog.queries import find_service, known_service_names
from catalog.slugs import service_slug
from core import audit
from core.markdown import render
from core.text import storable
from core.zones import zone_named
from incidents.models import Incident, Participant
from reviews.importing.batch import Batch
from reviews.importing.document import ParsedAction, ParsedEvent, ParsedReview, ParsedWhy
from reviews.importing.known_names import known_in
from reviews.importing.parse import parse_review
from reviews.models import Factor, ImportedSource, Review, Section, Why
from reviews.publishing import publish_review
from timeline.models import Event

LONGEST_TITLE = 200
LONGEST_WRITTEN = 80


@dataclass
class Imported:
    """What became of one file; `as_json` is the line that `import_reviews --json` prints."""

    file: str
    status: str
    review: Review | None = None
    counts: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The fields of contract `import_reviews --json`; times ISO 8601 (a date alone when only the day is known)."""
        incident = self.review.incident if self.review else None
        return {
            "file": self.file,
            "status": self.status,
            "number": incident.number if incident else None,
            "title": incident.title if incident else None,
            "occurred_at": _started(incident) if incident else None,
            "detected_at": _iso(incident, "detected_at"),
            "mitigated_at": _iso(incident, "mitigated_at"),
            "resolved_at": _iso(incident, "resolved_at"),
            "zone": incident.time_zone if incident else None,
            "services": sorted(s.slug for s in incident.services.all()) if incident else [],
            "causes": sorted(c.slug for c in self.review.causes.all()) if self.review else [],
            "timeline_events": self.counts.get("events", 0),
            "action_items": self.counts.get("actions", 0),
            "factors": self.counts.get("factors", 0),
            "problems": self.problems,
        }


def import_file(
    name: str, content: bytes, *, owner: Person | None = None, publish: bool = False, batch: Batch | None = None
) -> Imported:
    """Keep the write-up `content`, called `name`, as a review; unchanged if these very bytes were kept before.

    `batch` are the files it came with, which may name the service of a text that names none.
    Raises UnreadableDocument when it is no text.
    """
    name = storable(name)
    digest = hashlib.sha256(content).hexdigest()
    if (known := _kept(digest)) is not None:
        return _unchanged(name, known, publish)
    parsed = (batch.take(name, digest) if batch else None) or parse_review(content, name)
    problems = [storable(problem) for problem in parsed.problems]
    earlier = ImportedSource.objects.filter(file_name=name[-300:]).select_related("review__incident").first()
    if earlier is not None:
        number = earlier.review.incident.number
        problems.append(f"A file of this name, with other content, was imported before as review {number}.")
    try:
        with transaction.atomic():
            review = _store(parsed, name, owner, batch.names if batch else [])
            ImportedSource.objects.create(
                review=review, file_name=name[-300:], content=content, sha256=digest, problems=problems
            )
            audit.record(owner, "import", f"review {review.incident.number}", name)
            if publish:
                publish_review(None, review, accept_missing=True)
    except IntegrityError:
        if (known := _kept(digest)) is None:
            raise
        return _unchanged(name, known, publish)  # another process kept it meanwhile
    return Imported(name, "imported", review, _counts(review), problems)


def _kept(digest: str) -> ImportedSource | None:
    return ImportedSource.objects.filter(sha256=digest).select_related("review__incident").first()


def _unchanged(name: str, known: ImportedSource, publish: bool) -> Imported:
    review = known.review
    if publish and not review.incident.is_published:
        publish_review(None, review, accept_missing=True)
    return Imported(name, "unchanged", review, _counts(review), list(known.problems))


def _counts(review: Review) -> dict[str, int]:
    return {
        "events": review.incident.events.count(),
        "actions": review.incident.actions.count(),
        "factors": review.factors.count(),
    }


def _store(parsed: ParsedReview, name: str, owner: Person | None, beside: list[str]) -> Review:
    sections = dict(parsed.sections)
    title = " ".join(storable(parsed.title).split()) or name
    if len(title) > LONGEST_TITLE:
        sections["narrative"] = f"{title}\n\n{sections.get('narrative', '')}".strip()
        title = title[: LONGEST_TITLE - 1] + "…"
    incident = Incident.objects.create(
        title=title,
        severity=parsed.severity or "",
        occurred_at=parsed.occurred_at,
        occurred_is_date=bool(parsed.occurred_at) and parsed.occurred_is_date,
        detected_at=parsed.detected_at,
        mitigated_at=parsed.mitigated_at,
        resolved_at=parsed.resolved_at,
        time_zone=parsed.zone or "UTC",
        tags=[storable(tag)[:60] for tag in parsed.tags],
        created_by=owner,
    )
    called = parsed.services or known_in(title, parsed.telling, {*known_service_names(), *beside})
    incident.services.set([service for name in called if (service := _service(name)) is not None])
    if owner is not None:
        Participant.objects.create(incident=incident, person=owner)
    review = Review.objects.create(
        incident=incident, authors_as_written=[storable(author)[:200] for author in parsed.authors]
    )
    review.causes.set(CauseCategory.objects.filter(slug__in=parsed.causes))
    Section.objects.bulk_create(
        Section(review=review, kind=kind, text=storable(text), html=render(text), updated_by=owner)
        for kind, text in sections.items()
        if text.strip()
    )
    _store_events(parsed, incident, owner)
    _store_actions(parsed, incident)
    Factor.objects.bulk_create(
        Factor(review=review, position=position, text=storable(factor.text), html=render(factor.text))
        for position, factor in enumerate(parsed.factors)
        if factor.text.strip()
    )
    _store_whys(parsed.whys, review)
    return review


def _store_events(parsed: ParsedReview, incident: Incident, owner: Person | None) -> None:
    texts = [_event_text(event) for event in parsed.events]
    Event.objects.bulk_create(
        Event(
            incident=incident,
            position=position,
            occurred_at=event.occurred_at,
            zone=event.zone,
            written_as=storable(event.written_as)[:LONGEST_WRITTEN],
            kind=event.kind,
            text=text,
            html=render(text),
            created_by=owner,
        )
        for position, (event, text) in enumerate(zip(parsed.events, texts, strict=True))
    )


def _event_text(event: ParsedEvent) -> str:
    text = storable(event.text).strip() or event.kind.capitalize()
    return text if len(event.written_as) <= LONGEST_WRITTEN else f"{storable(event.written_as)} {text}"


def _store_actions(parsed: ParsedReview, incident: Incident) -> None:
    people = _people() if any(action.owner for action in parsed.actions) else {}
    ActionItem.objects.bulk_create(
        _action(action, position, incident, people) for position, action in enumerate(parsed.actions)
    )


def _action(action: ParsedAction, position: int, incident: Incident, people: dict[str, Person | None]) -> ActionItem:
    title, details = storable(action.title), storable(action.details)
    written, url = storable(action.owner).strip(), storable(action.tracker_url)
    if len(title) > 300:
        title, details = title[:299] + "…", f"{title}\n\n{details}".strip()
    person = people.get(written.lstrip("@").casefold())
    if person is None and len(written) > 120:
        details, written = f"{details}\n\n{written}".strip(), written[:119] + "…"
    if len(url) > 500:
        details, url = f"{details}\n\n<{url}>".strip(), ""
    return ActionItem(
        incident=incident,
        position=position,
        title=title or "Action",
        details=details,
        details_html=render(details) if details else "",
        kind=action.kind,
        status=_status(action),
        reason="Struck through in the imported text." if action.dropped else "",
        owner=person,
        owner_as_written="" if person else written,
        due=action.due,
        tracker_url=url,
    )


def _status(action: ParsedAction) -> str:
    if action.dropped:
        return ActionStatus.WONT_DO
    return ActionStatus.DONE if action.done else ActionStatus.OPEN


def _people() -> dict[str, Person | None]:
    """People by sign-in name and by name, in any case; None where several people share a name."""
    people: dict[str, Person | None] = {}
    for person in Person.objects.all():
        for key in {person.username.casefold(), str(person).casefold()}:
            people[key] = None if people.get(key, person) != person else person
    return people


def _store_whys(whys: Iterable[ParsedWhy], review: Review) -> None:
    waiting: list[tuple[ParsedWhy, Why | None, int]] = [(why, None, n) for n, why in enumerate(whys)]
    while waiting:
        parsed, parent, position = waiting.pop(0)
        question, answer = storable(parsed.question), storable(parsed.answer)
        if len(question) > 500:
            question, answer = question[:499] + "…", f"{question}\n\n{answer}".strip()
        why = Why.objects.create(
            review=review, parent=parent, position=position, question=question or "Why?", answer=answer,
            answer_html=render(answer) if answer else "",
        )  # fmt: skip
        waiting.extend((child, why, n) for n, child in enumerate(parsed.children))


def _service(called: str) -> Service | None:
    """The service of that name, a new one if nobody knows it; None for a name without a letter or digit."""
    name = " ".join(storable(called).split())[:120].strip()
    if not any(char.isalnum() for char in name):
        return None
    try:
        with transaction.atomic():
            return find_service(name) or Service.objects.create(slug=_free_slug(name), name=name)
    except IntegrityError:
        return find_service(name)  # another import made it meanwhile


def _free_slug(name: str) -> str:
    """A slug that no service has yet. Names that ASCII cannot write share the word "service"."""
    slug = service_slug(name)[:80].strip("-") or "service"
    taken = set(Service.objects.filter(slug__startswith=slug[:70]).values_list("slug", flat=True))
    numbered = (f"{slug[:70]}-{number}" for number in count(2))
    return slug if slug not in taken else next(free for free in numbered if free not in taken)


def _started(incident: Incident) -> str | None:
    if incident.occurred_at is None:
        return None
    if incident.occurred_is_date:
        return incident.occurred_at.astimezone(zone_named(incident.time_zone)).date().isoformat()
    return _iso(incident, "occurred_at")


def _iso(incident: Incident | None, attribute: str) -> str | None:
    moment: datetime | None = getattr(incident, attribute, None)
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None
