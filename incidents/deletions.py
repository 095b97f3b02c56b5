"""Keeping deleted parts of a review, so that a deletion can be undone."""

from typing import Any

from django.core import serializers
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone

from accounts.models import Person
from core import audit
from incidents.models import Deletion, Incident


def delete_kept(
    person: Person, incident: Incident, kind: str, label: str, rows: list[Model], links: dict[str, Any] | None = None
) -> Deletion:
    """Delete `rows` (parents first), keeping them and `links`, which the caller knows how to restore."""
    words = " ".join(label.split())
    deletion = Deletion.objects.create(
        incident=incident,
        kind=kind,
        label=words if len(words) <= 80 else words[:79].rstrip() + "…",
        data={"rows": serializers.serialize("python", rows), "links": links or {}},
        deleted_by=person,
    )
    for row in reversed(rows):
        row.delete()
    audit.record(person, f"delete-{kind}", f"incident {incident.number}", deletion.label)
    return deletion


def restore_rows(person: Person, deletion: Deletion) -> None:
    """Put the rows back with the keys they had; what a row pointed to and is gone is left out of its links.

    Raises ValidationError when they were put back before.
    """
    if deletion.undone_at is not None:
        raise ValidationError("This is back already.")
    for kept in serializers.deserialize("python", deletion.data["rows"]):
        row: Any = kept.object
        for field in row._meta.concrete_fields:
            key = getattr(row, field.attname)
            if field.is_relation and field.null and key is not None and not _is_there(field, [key]):
                setattr(row, field.attname, None)
        row.save_base(raw=True)  # as it was: with the time at which it was made
        for name, keys in (kept.m2m_data or {}).items():
            getattr(row, name).set(_is_there(row._meta.get_field(name), [getattr(key, "pk", key) for key in keys]))
    deletion.undone_at = timezone.now()
    deletion.save(update_fields=["undone_at"])
    audit.record(person, f"undo-delete-{deletion.kind}", f"incident {deletion.incident.number}", deletion.label)


def _is_there(field: Any, keys: list[Any]) -> list[Any]:
    """Those of the `keys` whose rows still exist."""
    return list(field.related_model._default_manager.filter(pk__in=keys).values_list("pk", flat=True))
