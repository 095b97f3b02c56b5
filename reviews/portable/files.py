"""Keeping files that come with an imported review, in the importer's transaction."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Person
from reviews.attaching import discard, examined_file, refuse_beyond_quota, store_file
from reviews.importing.files import Files, beside
from reviews.models import Attachment, Review
from reviews.portable.gathering import Document


@contextmanager
def discarding_on_failure() -> Iterator[list[str]]:
    """What is put into the list (names in the storage) is deleted again where the block, or the commit, fails."""
    stored: list[str] = []
    try:
        yield stored
    except BaseException:
        for name in stored:
            discard(name)
        raise


def with_free_keys(document: Document) -> Document:
    """The document with other keys for files whose keys are taken here, in its texts as well."""
    wanted = [one["id"] for one in document["attachments"]]
    taken = set(Attachment.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    instead = {f"/attachments/{key}/": f"/attachments/{uuid.uuid4()}/" for key in taken}
    if not instead:
        return document
    changed: Document = _mapped(document, lambda text: _replaced(text, instead))
    for one in changed["attachments"]:
        if one["id"] in taken:
            one["id"] = uuid.UUID(instead[f"/attachments/{one['id']}/"].split("/")[2])
    return changed


def keep_files(
    review: Review, document: Document, name: str, owner: Person | None, files: Files, stored: list[str]
) -> list[str]:
    """Attach what the document names, as far as it lies beside the file `name`; returns what did not, for people."""
    problems = []
    for one in document["attachments"]:
        path = beside(name, one["path"])
        content = files(path) if path else None
        if content is None:
            problems.append(f"The file “{one['name']}” that it shows is not beside it.")
            continue
        try:
            keep_file(review, prepare_file(one["name"], content, one["id"]), owner, stored)
        except ValidationError as problem:
            problems.extend(problem.messages)
    return problems


@dataclass(frozen=True)
class Prepared:
    """A file that may be attached: its row, whose address texts can give already, and its content."""

    attachment: Attachment
    examined: Any


def prepare_file(name: str, content: bytes, key: uuid.UUID | None = None) -> Prepared:
    """Look into a file that will be attached under `key`, or a new one. ValidationError where it may not be."""
    examined = examined_file(SimpleUploadedFile(name, content))
    attachment = Attachment(
        pk=key or uuid.uuid4(),
        name=examined.name,
        content_type=examined.content_type,
        size=examined.size,
        sha256=examined.sha256,
    )
    return Prepared(attachment, examined)


def keep_file(review: Review, prepared: Prepared, owner: Person | None, stored: list[str]) -> None:
    """Attach a file to `review`. ValidationError where it has too many, StorageUnavailable."""
    attachment = prepared.attachment
    refuse_beyond_quota(review.pk, attachment.size)
    attachment.review, attachment.uploaded_by = review, owner
    stored.append(store_file(f"{review.pk}/{attachment.pk}", prepared.examined))
    attachment.file.name = stored[-1]
    attachment.save(force_insert=True)


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_mapped(one, change) for one in value]
    if isinstance(value, dict):
        return {key: one if key == "path" else _mapped(one, change) for key, one in value.items()}
    return value


def _replaced(text: str, instead: dict[str, str]) -> str:
    for old, new in instead.items():
        text = text.replace(old, new)
    return text
