"""Writing every review into a folder, a file each, and the files that they show beside them."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.text import slugify

from incidents.models import Visibility
from reviews.live.store import bring_into_rows
from reviews.models import Attachment, Review
from reviews.portable.gathering import Document, portable_of
from reviews.portable.writing import as_json, as_markdown

WRITERS: dict[str, tuple[str, Callable[[Document], str]]] = {
    "markdown": (".md", as_markdown),
    "json": (".json", as_json),
}
_AT_ONCE = 200


@dataclass
class Exported:
    """How much was written; `problems` are what was not, for people."""

    published: int = 0
    drafts: int = 0
    restricted: int = 0
    files: int = 0
    problems: list[str] = field(default_factory=list)


def export_all(folder: Path, form: str) -> Exported:
    """Write every review to `folder`, which is empty or comes into being. Nobody but its owner may read the files.

    OSError where a file cannot be written; FileExistsError where one is there already.
    """
    ending, write = WRITERS[form]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    done = Exported()
    for review in _reviews():
        if not review.incident.is_published:
            bring_into_rows(review.pk)
        document = portable_of(review)
        named = slugify(document["title"])[:60].strip("-") or "review"
        _write(folder / f"{review.incident.number:04}-{named}{ending}", write(document).encode())
        shown = {one["id"]: one["path"] for one in document["attachments"]}
        for attachment in review.attachments.filter(pk__in=shown):
            _copy(attachment, folder / shown[str(attachment.pk)], done)
        done.published += review.incident.is_published
        done.drafts += not review.incident.is_published
        done.restricted += review.incident.visibility == Visibility.RESTRICTED
    return done


def _reviews() -> Iterator[Review]:
    reviews = Review.objects.select_related("incident", "template").prefetch_related(
        "incident__participants__person", "template__sections"
    )
    return reviews.order_by("incident__number").iterator(chunk_size=_AT_ONCE)


def _copy(attachment: Attachment, path: Path, done: Exported) -> None:
    try:
        with attachment.file.open("rb") as file:
            content = file.read()
    except Exception as problem:  # each storage fails in its own way
        done.problems.append(f"The file “{attachment.name}” of review {attachment.review_id} cannot be read: {problem}")
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(path, content)
    done.files += 1


def _write(path: Path, content: bytes) -> None:
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
    with os.fdopen(opened, "wb") as file:
        file.write(content)
