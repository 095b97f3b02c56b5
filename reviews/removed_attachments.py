"""Removing attachments: the row goes at once, the file stays for a week, in which both can be brought back."""

import uuid
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from django.http import Http404
from django.utils import timezone

from accounts.access import Verb
from accounts.models import Person
from core import audit
from incidents.deletions import delete_kept, restore_rows
from incidents.models import Deletion
from incidents.operations import locked_incident
from reviews.attaching import StorageUnavailable, discard, refuse_beyond_quota
from reviews.attachment_uses import uses_of
from reviews.live.store import bring_into_rows
from reviews.models import Attachment, Review, Version

KEPT_FOR = timedelta(days=7)
_UNTIL_DELETED = KEPT_FOR + timedelta(hours=1)  # nobody brings a file back while it is being deleted


@transaction.atomic
def remove_attachment(person: Person, review: Review, attachment_pk: uuid.UUID) -> Deletion:
    """Remove a file that no text shows any more and that was never published; ValidationError for others.

    reviews.operations.undo brings it back.
    """
    incident = locked_incident(person, Verb.EDIT, review.pk)
    bring_into_rows(incident.pk)
    attachment = Attachment.objects.filter(review_id=incident.pk, pk=attachment_pk).first()
    if attachment is None:
        raise Http404
    if attachment.is_published:
        raise ValidationError(f"“{attachment.name}” stays: a published version shows it.")
    if used := uses_of(incident.pk, [attachment])[attachment.pk]:
        places = ", ".join(use.title for use in used)
        raise ValidationError(f"“{attachment.name}” is still used in: {places}. Take it out there first.")
    return delete_kept(person, incident, "attachment", attachment.name, [attachment])


def restore_attachment(person: Person, deletion: Deletion) -> Attachment:
    """Bring a removed file back, within the transaction and the lock of reviews.operations.undo.

    Raises ValidationError where the file is gone for good, attached again, or too much by now.
    """
    if deletion.undone_at is None:
        _refuse_what_cannot_come_back(deletion)
    restore_rows(person, deletion)
    attachment = Attachment.objects.get(pk=deletion.data["rows"][0]["pk"])
    # The database marks what a new version mentions; a version may have come while the file was away.
    versions = Version.objects.filter(review=attachment.review_id).annotate(said=Cast("document", TextField()))
    if versions.filter(said__contains=f"/attachments/{attachment.pk}/").exists():
        attachment.is_published = True
        attachment.save(update_fields=["is_published"])
    return attachment


@transaction.atomic
def delete_for_good(person: Person, review: Review, deletion_pk: int) -> Deletion:
    """Delete the file of a removed attachment now: it may hold a secret.

    Raises Http404 where there is none to be deleted, StorageUnavailable where it could not be.
    """
    incident = locked_incident(person, Verb.EDIT, review.pk)
    deletion = _removed().filter(incident=incident, pk=deletion_pk).first()
    if deletion is None:
        raise Http404
    if not _delete_file(deletion):
        raise StorageUnavailable
    audit.record(person, "purge-attachment", f"incident {incident.number}", deletion.label)
    return deletion


def delete_old_files(now: datetime) -> int:
    """Delete the files that were removed more than a week ago; returns how many.

    One that the storage keeps for now is tried again the next time.
    """
    return sum(_delete_file(one) for one in _removed().filter(deleted_at__lt=now - _UNTIL_DELETED))


def _removed() -> "QuerySet[Deletion]":
    """What was removed and not brought back, with its file still there."""
    return Deletion.objects.filter(kind="attachment", undone_at=None).exclude(data__rows=[])


def _delete_file(deletion: Deletion) -> bool:
    """Whether the storage did it."""
    is_gone = discard(deletion.data["rows"][0]["fields"]["file"])
    if is_gone:
        deletion.data = {"rows": [], "links": {}}
        deletion.save(update_fields=["data"])
    return is_gone


def _refuse_what_cannot_come_back(deletion: Deletion) -> None:
    if not deletion.data["rows"] or deletion.deleted_at < timezone.now() - KEPT_FOR:
        raise ValidationError(f"“{deletion.label}” is gone for good: removed files are kept for a week.")
    fields = deletion.data["rows"][0]["fields"]
    same = Attachment.objects.filter(review=deletion.incident_id, sha256=fields["sha256"], name=fields["name"])
    if same.exists():
        raise ValidationError(f"“{deletion.label}” was attached again meanwhile.")
    refuse_beyond_quota(deletion.incident_id, fields["size"])
