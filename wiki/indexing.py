"""Making what a published version says findable: one search entry for each review, written as it is published."""

import html
import operator
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from typing import Any

from django.contrib.postgres.search import SearchVector
from django.db.models import Model, Value
from django.dispatch import receiver

from catalog.models import ServiceAlias
from catalog.queries import merged_causes, merged_services
from core.text import storable
from reviews.models import Version
from reviews.signals import version_published
from timeline.milestones import Milestones
from wiki.models import Facts, Listed, SearchEntry, SearchText
from wiki.searchable import disguised, searchable

# A tsvector holds 1 MB. Its parser makes at most some 4.5 bytes of each byte of text (a chain of short hyphenated
# words), so these bytes for each weight fit whatever is written.
ROOM = {"A": 1_000, "B": 30_000, "C": 40_000, "D": 140_000}
BODY = 100_000  # characters kept for snippets
SUMMARY = 600

_WITHIN_WORDS = re.compile(r"</?(?:a|code|del|em|span|strong)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_WORD = re.compile(r"\w+")

Aliases = Mapping[int, list[str]]

FACTS = [field.name for field in Facts._meta.get_fields() if field.name not in ("status", "visibility")]


@dataclass(frozen=True)
class Indexed:
    """The entry of a review without its vector, all its text, and the texts of which the vector is made by weight."""

    entry: SearchEntry
    body: str
    texts: dict[str, str]


@dataclass(frozen=True)
class Merged:
    """What services and cause categories that versions name are part of now, by their keys."""

    services: Mapping[int, int]
    causes: Mapping[int, int]

    @classmethod
    def at_present(cls) -> "Merged":
        """Two queries."""
        return cls(merged_services(), merged_causes())

    @staticmethod
    def followed(merged: Mapping[int, int], keys: Iterable[int]) -> list[int]:
        """The keys as they are now, each once."""
        return list(dict.fromkeys(merged.get(key, key) for key in keys))


@receiver(version_published)
def index_published(sender: type[Version], version: Version, **_: Any) -> None:
    """In the publishing transaction, so that the next request finds what was published."""
    index_version(version, aliases_of(service["id"] for service in version.document["services"]), Merged.at_present())


def reindex() -> int:
    """Write every entry anew from the latest published versions; returns how many. One statement for each review."""
    aliases, merged = aliases_of(), Merged.at_present()
    latest = Version.objects.order_by("review", "-number").distinct("review")
    count = 0
    for version in latest.iterator(chunk_size=200):
        index_version(version, aliases, merged)
        count += 1
    return count


def aliases_of(services: Iterable[int] | None = None) -> Aliases:
    """The other names of the given services, or of all. One query."""
    aliases = ServiceAlias.objects.order_by("pk")
    if services is not None:
        aliases = aliases.filter(service__in=list(services))
    names: dict[int, list[str]] = defaultdict(list)
    for service, name in aliases.values_list("service", "name"):
        names[service].append(name)
    return names


def index_version(version: Version, aliases: Aliases, merged: Merged) -> None:
    """Write the rows of the version's review. Three statements."""
    indexed = indexed_of(version, aliases)
    indexed.entry.service_ids = merged.followed(merged.services, indexed.entry.service_ids)
    indexed.entry.cause_ids = merged.followed(merged.causes, indexed.entry.cause_ids)
    weighted = (SearchVector(Value(text), weight=weight, config="english") for weight, text in indexed.texts.items())
    indexed.entry.vector = reduce(operator.add, weighted)
    _write(indexed.entry)
    _write(SearchText(entry_id=version.review_id, body=disguised(indexed.body)))
    _write(Listed(incident_id=version.review_id, **{name: getattr(indexed.entry, name) for name in FACTS}))


def _write(row: Model) -> None:
    """Insert the row, or overwrite what stands under its key; what the database itself sets stays as it is."""
    model = type(row)
    written = [field for field in model._meta.concrete_fields if field.editable]
    names = [field.name for field in written if not field.primary_key]
    model._default_manager.bulk_create(
        [row], update_conflicts=True, unique_fields=[model._meta.pk.name], update_fields=names
    )


def indexed_of(version: Version, aliases: Aliases) -> Indexed:
    """What is written into the index for the version's review. Runs no query."""
    document = version.document
    summary = _plain(document["sections"].get("summary"))
    told, conditions = list(_told(document)), list(_conditions(document))
    texts = {
        "A": [document["title"]],
        "B": [summary, *_service_names(document, aliases)],
        "C": conditions,
        "D": [*told, " ".join(document["tags"]), " ".join(document["authors"])],
    }
    body = " · ".join(text for text in [summary, *told, *conditions] if text)
    milestones = Milestones(**{name: _instant(at) for name, at in document["milestones"].items()})
    entry = SearchEntry(
        incident_id=version.review_id,
        occurred_at=_instant(document["occurred_at"]) or version.published_at,
        published_at=version.published_at,
        severity=document["severity"],
        service_ids=[service["id"] for service in document["services"]],
        cause_ids=[cause["id"] for cause in document["causes"]],
        duration=milestones.duration,
        title=document["title"],
        summary=shortened(summary or body, SUMMARY),
        names_as_roles=version.names_as_roles,
        tags=[tag[:60] for tag in document["tags"]] if version.names_as_roles else None,
    )
    return Indexed(entry, body[:BODY], {weight: _fitting(texts[weight], room) for weight, room in ROOM.items()})


def shortened(text: str, length: int) -> str:
    """`text`, cut between two words when it is longer than `length`."""
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    return (cut.rpartition(" ")[0] or cut).rstrip(" ,;:") + "…"


def _service_names(document: Mapping[str, Any], aliases: Aliases) -> Iterator[str]:
    for service in document["services"]:
        yield service["name"]
        yield service["slug"]
        yield from aliases.get(service["id"], [])


def _conditions(document: Mapping[str, Any]) -> Iterator[str]:
    """What made the incident possible: factors, whys and the names of their categories."""
    for factor in document["factors"]:
        yield _plain(factor)
    waiting = list(reversed(document["whys"]))
    while waiting:
        why = waiting.pop()
        yield why["question"]
        yield _plain({"html": why["answer_html"], "text": why["answer"]})
        waiting.extend(reversed(why["children"]))
    for cause in document["causes"]:
        yield cause["name"]


def _told(document: Mapping[str, Any]) -> Iterator[str]:
    """Sections, events and actions."""
    for kind, section in document["sections"].items():
        if kind != "summary":
            yield _plain(section)
    for event in document["events"]:
        yield _plain(event)
        for one in event.get("perspectives", []):
            yield _plain({"html": one["known_html"], "text": one["known"]})
            yield _plain({"html": one["sense_html"], "text": one["sense"]})
    for action in document["actions"]:
        yield action["title"]
        yield _plain({"text": action.get("done_when", "")})
        yield _plain({"html": action["details_html"], "text": action["details"]})


def _plain(written: Mapping[str, Any] | None) -> str:
    """The words of a Markdown text, from its rendered HTML; on one line, without control characters."""
    if not written:
        return ""
    text = written["text"]
    if written.get("html"):
        text = html.unescape(_TAG.sub(" ", _WITHIN_WORDS.sub("", written["html"])))
    return " ".join(_CONTROLS.sub(" ", storable(text)).split())


def _fitting(texts: Iterable[str], room: int) -> str:
    """The texts as one of at most `room` bytes.

    Of a longer text the beginning is kept whole, and from the rest each word that has not been there yet, so that a
    word near the end of a long log is found as well.
    """
    text = searchable("\n".join(text for text in texts if text))
    if len(text) * 4 <= room or len(text.encode()) <= room:
        return text
    head = text.encode()[: room // 2].decode(errors="ignore")
    left = room - len(head.encode())
    seen = set(_WORD.findall(head.lower()))
    kept = [head]
    for word in _WORD.findall(text[len(head) :].lower()):
        size = len(word.encode()) + 1
        if word not in seen and size <= min(left, 200):
            seen.add(word)
            kept.append(word)
            left -= size
    return " ".join(kept)


def _instant(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
