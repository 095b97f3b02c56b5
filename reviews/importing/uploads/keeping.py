"""Keeping uploaded files until somebody has chosen what to import, and letting go of them."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files import File
from django.core.files.uploadedfile import UploadedFile as Sent
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from accounts.access import may_start_reviews
from accounts.models import Person, Role
from core import audit
from core.text import one_line
from reviews.attaching import StorageUnavailable, discard, logger
from reviews.models import Upload, UploadedFile
from reviews.models.attachments import attachment_storage

KEPT_FOR = timedelta(days=1)
MOST_AT_ONCE = 5  # uploads that one person may have waiting
MOST_FILES = 100
_FOLDER = "uploads"


def uploads_of(person: Person) -> "QuerySet[Upload, Upload]":
    """What `person` uploaded and is kept, the newest first."""
    return Upload.objects.filter(owner=person, expires_at__gt=timezone.now()).order_by("-made_at")


def find_upload(person: Person, key: uuid.UUID) -> Upload:
    """The upload; Http404 where it is somebody else's, or gone."""
    upload = uploads_of(person).filter(pk=key).first()
    if upload is None or not may_start_reviews(person):
        raise Http404
    return upload


def may_publish_imports(person: Person) -> bool:
    """Whether `person` may publish what they import as it is, without what the checker asks for."""
    return person.has_role(Role.FACILITATOR)


def keep_upload(person: Person, sent: Iterable[Sent]) -> Upload:
    """Keep the files for a day. ValidationError for what is too much or empty, StorageUnavailable.

    A file is stored before its row, so that no row points to nothing; what was stored for nothing is deleted.
    """
    files = [one for one in sent if one.name]
    if not may_start_reviews(person):
        raise PermissionDenied
    _refuse(person, files)
    upload = Upload(owner=person, expires_at=timezone.now() + KEPT_FOR)
    kept: list[UploadedFile] = []
    try:
        for number, one in enumerate(files, 1):
            name = _named(one)
            stored = _store(f"{_FOLDER}/{upload.pk}/{number}", one)
            kept.append(UploadedFile(upload=upload, name=name, key=stored, size=one.size or 0))
        with transaction.atomic():
            upload.save(force_insert=True)
            UploadedFile.objects.bulk_create(kept)
            audit.record(person, "upload", f"upload {upload.pk}", ", ".join(one.name for one in kept))
    except BaseException:
        for stored_file in kept:
            discard(stored_file.key)
        raise
    return upload


def discard_upload(upload: Upload) -> None:
    """Forget the upload and its files; what was imported from it stays."""
    keys = list(upload.files.values_list("key", flat=True))
    upload.delete()
    for key in keys:
        discard(key)


def discard_expired(now: datetime) -> int:
    """Forget the uploads whose time is over; how many they were."""
    expired = list(Upload.objects.filter(expires_at__lte=now))
    for upload in expired:
        discard_upload(upload)
    return len(expired)


def _refuse(person: Person, files: list[Sent]) -> None:
    if not files:
        raise ValidationError("Choose one or more files.")
    if len(files) > MOST_FILES:
        raise ValidationError(f"These are {len(files)} files; at most {MOST_FILES} can come at once: use a ZIP.")
    empty = [_named(one) for one in files if not one.size]
    if empty:
        raise ValidationError(f"“{empty[0]}” is empty.")
    size = sum(one.size or 0 for one in files)
    if size > settings.IMPORT_BYTES:
        raise ValidationError(too_much(size))
    if uploads_of(person).count() >= MOST_AT_ONCE:
        raise ValidationError(f"You have {MOST_AT_ONCE} uploads waiting. Import or discard one of them first.")


def too_much(size: int) -> str:
    """What to tell about files that are more than may come at once."""
    said = f"That is {filesizeformat(size)}; at most {filesizeformat(settings.IMPORT_BYTES)} can come at once."
    return f"{said} Split it, or ask an administrator to import it on the server.".replace("\xa0", " ")


def _named(sent: Sent) -> str:
    name = "".join(one for one in one_line(str(sent.name or "")) if one.isprintable())
    return name[-200:].strip() or "file"


def _store(key: str, sent: Sent) -> str:
    try:
        return attachment_storage().save(key, File(sent.file, name=key))
    except Exception as problem:
        logger.exception("upload %s could not be stored", key)
        raise StorageUnavailable from problem
