"""Keeping an imported file: from its bytes to a review with its source, in one transaction a file."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import IntegrityError, transaction

from accounts.access import Verb, may
from accounts.models import Person
from core import audit
from core.text import storable
from core.zones import zone_named
from incidents.models import Incident
from reviews.importing.batch import Batch
from reviews.importing.document import ParsedReview
from reviews.importing.files import Files, no_files
from reviews.importing.parse import parse_review
from reviews.importing.rows import store_parsed
from reviews.importing.shown import take_files
from reviews.models import ImportedSource, Review
from reviews.portable.checking import checked
from reviews.portable.files import discarding_on_failure, keep_file, keep_files, with_free_keys
from reviews.portable.gathering import Document, portable_of
from reviews.portable.reading import is_portable, read_loose
from reviews.portable.storing import known_here, publish_as_told, store_document
from reviews.publishing import publish_review


@dataclass
class Imported:
    """What became of one file; `as_json` is the line that `import_reviews --json` prints."""

    file: str
    status: str
    review: Review | None = None
    counts: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    exported: Document | None = None  # what it says, where Debrief had exported it

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
    name: str,
    content: bytes,
    *,
    owner: Person | None = None,
    publish: bool = False,
    batch: Batch | None = None,
    files: Files = no_files,
    trusted: bool = True,
) -> Imported:
    """Keep the write-up `content`, called `name`, as a review; unchanged if these very bytes were kept before.

    `batch` are the files it came with, which may name the service of a text that names none; `files` finds what lies
    beside it. `trusted`: an administrator imports, so that what Debrief exported gets its number and state back.
    Raises UnreadableDocument when it is no text.
    """
    name = storable(name)
    digest, known = kept_before(content, owner, trusted=trusted)
    publisher = None if trusted else owner
    if known is not None:
        return _unchanged(name, known, publish, publisher)
    source = ImportedSource(file_name=name[-300:], content=content, sha256=digest)
    try:
        if is_portable(content):
            return _import_exported(source, owner, files, publish=publish, trusted=trusted)
        parsed = (batch.take(name, digest) if batch else None) or parse_review(content, name)
        finish = _publisher(publish, publisher)
        return _import_written(source, parsed, owner, batch.names if batch else [], files, finish)
    except IntegrityError:
        if (known := _kept(digest)) is None:
            raise
        return _unchanged(name, known, publish, publisher)  # another process kept it meanwhile


def kept_before(content: bytes, owner: Person | None, *, trusted: bool) -> tuple[str, ImportedSource | None]:
    """The digest under which `owner` keeps these bytes, and what was kept under it before."""
    digest = hashlib.sha256(content).hexdigest()
    known = _kept(digest)
    if known is not None and not (trusted or may_see(owner, known.review)):
        # To somebody from whom that review is hidden, the file is new.
        digest = hashlib.sha256(content + f"\0{owner.pk if owner else 0}".encode()).hexdigest()
        known = _kept(digest)
    return digest, known


def _import_written(
    source: ImportedSource,
    parsed: ParsedReview,
    owner: Person | None,
    beside: list[str],
    files: Files,
    finish: Callable[[Review], None],
) -> Imported:
    shown = take_files(parsed, source.file_name, files)
    source.problems = [storable(problem) for problem in parsed.problems]

    def make(stored: list[str]) -> Review:
        review = store_parsed(parsed, source.file_name, owner, beside)
        for one in shown:
            keep_file(review, one, owner, stored)
        return review

    return _keep(source, owner, make, finish)


def _import_exported(
    source: ImportedSource, owner: Person | None, files: Files, *, publish: bool, trusted: bool
) -> Imported:
    name = source.file_name
    document = checked(read_loose(bytes(source.content), name), name)
    here = known_here(document)
    publisher = None if trusted else owner
    if here is not None and (trusted or may_see(owner, here)):
        return _here_already(name, here, document, _publisher(publish and not here.incident.is_published, publisher))

    def make(stored: list[str]) -> Review:
        told = with_free_keys(document)
        restored = store_document(told, owner, trusted=trusted)
        source.problems = [*restored.problems, *keep_files(restored.review, told, name, owner, files, stored)]
        return restored.review

    def finish(review: Review) -> None:
        if trusted or publish:
            publish_as_told(review, document, anyway=publish, publisher=publisher)

    imported = _keep(source, owner, make, finish)
    imported.exported = document
    return imported


def _here_already(name: str, here: Review, document: Document, finish: Callable[[Review], None]) -> Imported:
    """The review was exported from here, or imported before under other bytes: it is left as it is."""
    problems = []
    if checked(portable_of(here), name) != document:
        problems.append(
            f"Review {here.incident.number} is here already and says something else; an import changes no review. "
            "To import this as another one, take out the line “recorded_at” at its top."
        )
    finish(here)
    return Imported(name, "unchanged", here, _counts(here), problems, document)


def _keep(
    source: ImportedSource, owner: Person | None, make: Callable[[list[str]], Review], finish: Callable[[Review], None]
) -> Imported:
    """`make` notes in its list what it gave to the storage of attachments."""
    name = source.file_name
    earlier = ImportedSource.objects.filter(file_name=name).select_related("review__incident").first()
    with discarding_on_failure() as stored, transaction.atomic():
        review = make(stored)
        if earlier is not None and (owner is None or may_see(owner, earlier.review)):
            number = earlier.review.incident.number
            said = f"A file of this name, with other content, was imported before as review {number}."
            source.problems = [*source.problems, said]
        source.review = review
        source.save(force_insert=True)
        audit.record(owner, "import", f"review {review.incident.number}", name)
        finish(review)
    return Imported(name, "imported", review, _counts(review), source.problems)


def _publisher(publish: bool, person: Person | None) -> Callable[[Review], None]:
    def finish(review: Review) -> None:
        if publish:
            publish_review(person, review, accept_missing=True)

    return finish


def may_see(person: Person | None, review: Review) -> bool:
    """Whether what was imported before may be told to `person`."""
    return person is not None and may(person, Verb.SEE, review.incident)


def _kept(digest: str) -> ImportedSource | None:
    return ImportedSource.objects.filter(sha256=digest).select_related("review__incident").first()


def _unchanged(name: str, known: ImportedSource, publish: bool, publisher: Person | None) -> Imported:
    review = known.review
    _publisher(publish and not review.incident.is_published, publisher)(review)
    return Imported(name, "unchanged", review, _counts(review), list(known.problems))


def _counts(review: Review) -> dict[str, int]:
    return {
        "events": review.incident.events.count(),
        "actions": review.incident.actions.count(),
        "factors": review.factors.count(),
    }


def _started(incident: Incident) -> str | None:
    if incident.occurred_at is None:
        return None
    if incident.occurred_is_date:
        return incident.occurred_at.astimezone(zone_named(incident.time_zone)).date().isoformat()
    return _iso(incident, "occurred_at")


def _iso(incident: Incident | None, attribute: str) -> str | None:
    moment: datetime | None = getattr(incident, attribute, None)
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None
