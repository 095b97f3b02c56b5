"""Reviews that are like another one or like a draft: why, and which of their action items are still open.

Everything here is asked for a person; what they may not see is left out before anything is compared or counted.
"""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from accounts.models import Person
from actions.models import ActionItem
from catalog.models import CauseCategory, Service
from incidents.models import Incident, Severity
from reviews.models import Review, Version
from reviews.snapshot import snapshot_of
from wiki.common_words import Shared, Spelling, shared_with, spelling_of
from wiki.indexing import indexed_of
from wiki.likeness import Alike, Subject, Weights, nearest_to, weights_of, words_of_entry, words_of_texts
from wiki.models import SearchEntry
from wiki.searchable import restored

SHOWN = 5
ENOUGH_WORDS = 2  # that two reviews must share, where service and cause are not the same


@dataclass(frozen=True)
class OpenAction:
    """An action item of a similar review that is not finished, as it was published; where its page has it."""

    title: str
    url: str


@dataclass(frozen=True)
class Similar:
    """A published review that is like the subject. `happened_before`: a service and a cause are the same."""

    incident: int
    number: int
    title: str
    url: str
    severity: str
    began: datetime | date | None
    score: float
    why: list[str]
    happened_before: bool
    open_actions: list[OpenAction] = field(default_factory=list)


@dataclass(frozen=True)
class Names:
    """What services and causes are called, by their keys."""

    services: Mapping[int, str]
    causes: Mapping[int, str]


@dataclass(frozen=True)
class Compared:
    """A subject with what its terms weigh, and the text in which its words are looked up."""

    subject: Subject
    weights: Weights
    text: str


def similar_to(person: Person, incident: Incident, limit: int = SHOWN) -> list[Similar]:
    """Published reviews like the one that was published of `incident`, which `person` may see; the nearest first.

    Where none was published yet, its draft is compared as it stands.
    """
    entry = SearchEntry.objects.defer("vector").filter(pk=incident.pk).first()
    if entry is None:
        return similar_to_draft(
            person, Review.objects.select_related("incident", "template").get(pk=incident.pk), limit
        )
    return nearest_described(person, compared_entry(entry), limit)


def similar_to_draft(person: Person, review: Review, limit: int = SHOWN) -> list[Similar]:
    """Published reviews like the draft as it stands, which `person` may see; the nearest first."""
    return nearest_described(person, compared_draft(review), limit)


def compared_draft(review: Review) -> Compared:
    """A draft as it stands, as others are compared with it. Some fourteen queries."""
    document = snapshot_of(review)
    indexed = indexed_of(Version(review=review, document=document, published_at=timezone.now()), {})
    texts = indexed.texts
    heading = "\n".join(texts[weight] for weight in "ABC")
    return _compared(indexed.entry, indexed.body, words_of_texts(heading, texts["D"], _names(document)))


def compared_entry(entry: SearchEntry) -> Compared:
    """A published review as others are compared with it. Four queries."""
    latest = Version.objects.filter(review=entry.pk).order_by("-number")
    told = latest.values_list("document__authors", "document__people").first()
    names = _names(dict(zip(("authors", "people"), told, strict=True)) if told else {})
    return _compared(entry, restored(entry.text.body), words_of_entry(entry.pk, names))


def described(
    person: Person,
    compared: Compared,
    alike: Iterable[Alike],
    *,
    names: Names | None = None,
    confirmed: Container[int] = (),
) -> list[Similar]:
    """The reviews with reasons and open actions, in their order, as far as `person` may see them.

    Those that share too little are left out, unless someone `confirmed` that they belong together. `names` are those of
    the subject's services and causes, where they are known. At most seven queries.
    """
    chosen = list(alike)
    subject = compared.subject
    entries = {
        one.pk: one
        for one in SearchEntry.objects.visible_to(person)
        .filter(pk__in=[one.incident for one in chosen])
        .select_related("incident")
        .defer("vector", "summary")
    }
    shared = shared_with(entries, compared.weights.telling, subject.times)
    spelling = spelling_of(compared.text, {stem for one in shared.values() for stem in one.places})
    names = names or _names_in(subject, chosen)
    actions = _open_actions(entries)
    found = []
    for one in chosen:
        entry = entries.get(one.incident)
        if entry is None:
            continue
        happened = bool({*subject.services} & {*one.services} and {*subject.causes} & {*one.causes})
        words = shared[one.incident]
        why = _reasons(subject, one, names, spelling, words)
        is_plain = happened or (why and len(words.places) >= ENOUGH_WORDS)
        if not is_plain and one.incident not in confirmed:
            continue
        url = Incident(number=entry.incident.number, title=entry.title).get_absolute_url()
        found.append(
            Similar(
                incident=one.incident,
                number=entry.incident.number,
                title=entry.title,
                url=url,
                severity=entry.severity,
                began=entry.incident.began,
                score=round(one.score, 3),
                why=why,
                happened_before=happened,
                open_actions=[OpenAction(title, f"{url}#action-{key}") for key, title in actions.get(entry.pk, [])],
            )
        )
    return found


def nearest_described(person: Person, compared: Compared, limit: int) -> list[Similar]:
    """The nearest of what `person` may see, at most `limit`, described."""
    return described(person, compared, nearest_to(compared.subject, compared.weights, person)[:limit])


def _compared(entry: SearchEntry, body: str, words: Mapping[str, int]) -> Compared:
    subject = Subject(entry.pk, entry.service_ids, entry.cause_ids, entry.severity, words)
    return Compared(subject, weights_of(subject), f"{entry.title} · {body}")


def _names(document: Mapping[str, Any]) -> list[str]:
    """Whoever took part: nobody's name makes two incidents alike."""
    return [*document.get("authors", []), *(one["name"] for one in document.get("people", []))]


def _names_in(subject: Subject, alike: Iterable[Alike]) -> Names:
    """What the services and causes are called that the subject shares with others."""
    services = {pk for one in alike for pk in one.services} & {*subject.services}
    causes = {pk for one in alike for pk in one.causes} & {*subject.causes}
    return Names(
        dict(Service.objects.filter(pk__in=services).values_list("pk", "name")) if services else {},
        dict(CauseCategory.objects.filter(pk__in=causes).values_list("pk", "name")) if causes else {},
    )


def _reasons(subject: Subject, one: Alike, names: Names, spelling: Spelling, shared: Shared) -> list[str]:
    services = [names.services[pk] for pk in subject.services if pk in one.services and pk in names.services]
    causes = [names.causes[pk] for pk in subject.causes if pk in one.causes and pk in names.causes]
    said = []
    if services:
        said.append(f"Same service{'s' if len(services) > 1 else ''}: {', '.join(services)}")
    if causes:
        said.append(f"Same cause{'s' if len(causes) > 1 else ''}: {', '.join(causes)}")
    if words := spelling.spoken_of(shared):
        said.append(f"Both speak of {', '.join(words)}")
    elif not said and (words := spelling.mentioned(shared)):
        said.append(f"Both mention {', '.join(words)}")
    if said and subject.severity and subject.severity == one.severity:
        said.append(f"Same severity: {Severity(subject.severity).label}")
    return said


def _open_actions(incidents: Iterable[int]) -> dict[int, list[tuple[int, str]]]:
    """Key and title of the actions that are not finished, as they were published. Two queries."""
    keys = list(incidents)
    if not keys:
        return {}
    unfinished = set(ActionItem.objects.filter(incident__in=keys).unfinished().values_list("pk", flat=True))
    versions = Version.objects.filter(review__in=keys).order_by("review", "-number").distinct("review")
    return {
        review: [(one["id"], one["title"]) for one in actions if one["id"] in unfinished]
        for review, actions in versions.values_list("review", "document__actions")
    }
