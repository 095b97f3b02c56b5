"""Which texts of a review show or link its attachments."""

import re
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from actions.models import ActionItem
from reviews.models import Attachment, Comment, Factor, Section, SectionKind, Why
from timeline.models import Event

_ADDRESS = re.compile(r"/attachments/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/")


@dataclass(frozen=True)
class Use:
    """A part of the editor page whose text mentions an attachment."""

    part: str
    title: str


def uses_of(review_pk: int, attachments: Iterable[Attachment]) -> dict[uuid.UUID, list[Use]]:
    """Where each of the attachments is used, in reading order; nowhere is an empty list. Six queries, or none."""
    found: dict[uuid.UUID, list[Use]] = {attachment.pk: [] for attachment in attachments}
    if not found:
        return found
    mentions: dict[uuid.UUID, dict[Use, None]] = defaultdict(dict)
    for use, text in _texts(review_pk):
        for address in _ADDRESS.findall(text):
            mentions[uuid.UUID(address)][use] = None
    return {pk: list(mentions.get(pk, ())) for pk in found}


def _texts(review_pk: int) -> Iterator[tuple[Use, str]]:
    """Every text with the address of an attachment, of whatever review."""
    for kind, text in _with_address(Section.objects.filter(review=review_pk), "kind", "text"):
        yield Use(kind, str(SectionKind(kind).label)), text
    for name, title, rows, field in (
        ("timeline", "Timeline", Event.objects.filter(incident=review_pk), "text"),
        ("whys", "Five whys", Why.objects.filter(review=review_pk), "answer"),
        ("factors", "Factors", Factor.objects.filter(review=review_pk), "text"),
        ("actions", "Actions", ActionItem.objects.filter(incident=review_pk), "details"),
        ("actions", "Actions", ActionItem.objects.filter(incident=review_pk), "evidence"),
        ("comments", "Comments", Comment.objects.filter(thread__review=review_pk), "text"),
    ):
        for _, text in _with_address(rows, "pk", field):
            yield Use(name, title), text


def _with_address(rows: Any, key: str, field: str) -> Iterable[tuple[Any, str]]:
    found: Iterable[tuple[Any, str]] = rows.filter(**{f"{field}__contains": "/attachments/"}).values_list(key, field)
    return found
