"""What an import would make of a write-up, without keeping any of it."""

from typing import Any

from accounts.models import Person
from catalog.queries import find_causes, find_service
from core.text import one_line, storable
from reviews.attaching import StorageUnavailable
from reviews.importing.attempts import what_is_wrong
from reviews.importing.batch import Batch
from reviews.importing.document import ParsedReview
from reviews.importing.found import Found
from reviews.importing.parse import parse_review
from reviews.importing.rows import services_named, short_title
from reviews.importing.shown import take_files
from reviews.importing.store import kept_before, may_see
from reviews.models import EntryStatus, Review, UploadEntry
from reviews.portable.checking import checked
from reviews.portable.gathering import Document
from reviews.portable.reading import is_portable, read_loose
from reviews.portable.storing import known_here


def entry_of(found: Found, owner: Person, batch: Batch) -> UploadEntry:
    """What `owner` would get, as a row not yet saved; what cannot be imported says why. StorageUnavailable."""
    entry = UploadEntry(path=storable(found.name)[-500:])
    try:
        content = found.read()
        digest, known = kept_before(content, owner, trusted=False)
        if known is not None:
            _as_review(entry, known.review, list(known.problems))
        elif is_portable(content):
            _as_exported(entry, checked(read_loose(content, found.name), found.name), owner)
        else:
            parsed = batch.take(found.name, digest) or parse_review(content, found.name)
            take_files(parsed, storable(found.name), found.files)
            _as_parsed(entry, parsed, storable(found.name), batch.names)
    except StorageUnavailable:
        raise
    except Exception as problem:
        entry.status = EntryStatus.FAILED
        entry.problems = [what_is_wrong(problem, found.shown)]
    return entry


def _as_parsed(entry: UploadEntry, parsed: ParsedReview, name: str, beside: list[str]) -> None:
    entry.title = short_title(parsed, name)
    entry.occurred_at, entry.occurred_is_date = parsed.occurred_at, parsed.occurred_is_date
    entry.resolved_at, entry.time_zone = parsed.resolved_at, parsed.zone or "UTC"
    entry.severity = parsed.severity or ""
    _name_services(entry, services_named(parsed, entry.title, beside))
    entry.causes = _called(parsed.causes)
    entry.events, entry.actions = len(parsed.events), len(parsed.actions)
    entry.factors = sum(bool(factor.text.strip()) for factor in parsed.factors)
    entry.problems = [storable(problem) for problem in parsed.problems]


def _as_exported(entry: UploadEntry, document: Document, owner: Person) -> None:
    here = known_here(document)
    if here is not None and may_see(owner, here):
        _as_review(entry, here, [])
        return
    entry.title = document["title"]
    entry.occurred_at, entry.occurred_is_date = document["occurred_at"], document["occurred_is_date"]
    entry.resolved_at, entry.time_zone = document["stated"].get("resolved_at"), document["time_zone"]
    entry.severity = document["severity"]
    _name_services(entry, [one["name"] for one in document["services"]])
    entry.causes = _called([one["slug"] for one in document["causes"]])
    entry.events, entry.actions = len(document["events"]), len(document["actions"])
    entry.factors = len(document["factors"])


def _as_review(entry: UploadEntry, review: Review, problems: list[str]) -> None:
    incident: Any = review.incident
    entry.status, entry.review = EntryStatus.UNCHANGED, review
    entry.title, entry.severity, entry.problems = incident.title, incident.severity, problems
    entry.occurred_at, entry.occurred_is_date = incident.occurred_at, incident.occurred_is_date
    entry.resolved_at, entry.time_zone = incident.resolved_at, incident.time_zone


def _name_services(entry: UploadEntry, names: list[str]) -> None:
    """By the name that the catalog knows, where it knows one."""
    for name in dict.fromkeys(one_line(one)[:120] for one in names):
        known = find_service(name)
        entry.services.append(str(known or name))
        if known is None and any(char.isalnum() for char in name):
            entry.new_services.append(name)


def _called(slugs: list[str]) -> list[str]:
    return [one.name for one in find_causes(slugs)]
