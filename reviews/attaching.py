"""Attaching files to a review."""

import hashlib
import logging
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO, Any, cast

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Sum
from django.template.defaultfilters import filesizeformat

from accounts.access import Verb
from accounts.models import Person
from core import audit
from incidents.operations import locked_incident
from reviews.attachment_names import clean_name
from reviews.models import Attachment, Review
from reviews.models.attachments import attachment_storage
from reviews.picture_metadata import DamagedPicture, without_metadata
from reviews.sniffing import ALLOWED, NotAllowed, kind_of

logger = logging.getLogger(__name__)

TOO_LARGE, NOT_OF_A_TYPE = "too-large", "type"


class StorageUnavailable(Exception):
    """The place where attachments are kept did not do what it was asked; nothing was changed."""


@dataclass(frozen=True)
class _Examined:
    """A file that may be attached, as it will be stored."""

    file: IO[bytes]
    name: str
    content_type: str
    size: int
    sha256: str


def attach_files(person: Person, review: Review, uploads: Iterable[UploadedFile]) -> list[Attachment]:
    """Attach each of the files, or none where one of them is refused."""
    with transaction.atomic():
        locked_incident(person, Verb.EDIT, review.pk)
    examined = [examined_file(upload) for upload in uploads]
    if not examined:
        raise ValidationError("Choose a file.")
    return [_attach(person, review, one) for one in examined]


def attach_file(person: Person, review: Review, upload: UploadedFile) -> Attachment:
    """Attach one file; the same content under the same name is attached once.

    Raises Http404 or PermissionDenied without access, ValidationError (code TOO_LARGE or NOT_OF_A_TYPE, where it is one
    of these) for a file that cannot be attached, and StorageUnavailable.
    """
    return attach_files(person, review, [upload])[0]


def _attach(person: Person, review: Review, examined: _Examined) -> Attachment:
    """Stores the file, then the row: a row never points to nothing. No lock is held while the storage works."""
    known = _same(review.pk, examined)
    if known is not None:
        return known
    attachment = Attachment(
        review_id=review.pk,
        name=examined.name,
        content_type=examined.content_type,
        size=examined.size,
        sha256=examined.sha256,
        uploaded_by=person,
    )
    stored = store_file(f"{review.pk}/{attachment.pk}", examined)
    try:
        with transaction.atomic():
            incident = locked_incident(person, Verb.EDIT, review.pk)
            known = _same(incident.pk, examined)
            if known is None:
                refuse_beyond_quota(incident.pk, examined.size)
                attachment.file.name = stored
                attachment.save(force_insert=True)
                audit.record(person, "add-attachment", f"incident {incident.number}", attachment.name)
    except BaseException:
        discard(stored)
        raise
    if known is not None:
        discard(stored)
    return known or attachment


def examined_file(upload: UploadedFile) -> _Examined:
    """What the file is, and the file without what pictures tell about where they were taken.

    ValidationError where it cannot be attached.
    """
    given, size = str(upload.name or ""), upload.size or 0
    label = _label(given)
    if not size:
        raise ValidationError(f"“{label}” is empty.")
    most = settings.ATTACHMENT_FILE_BYTES
    if size > most:
        raise _too_large(label, size, most)
    try:
        kind = kind_of(cast(Any, upload))
    except NotAllowed as problem:
        said = f"“{label}” cannot be attached. {problem}. What can be: {ALLOWED}."
        raise ValidationError(said, code=NOT_OF_A_TYPE) from None
    if kind.is_picture and size > settings.ATTACHMENT_PICTURE_BYTES:
        raise _too_large(label, size, settings.ATTACHMENT_PICTURE_BYTES, what="picture")
    upload.seek(0)
    kept: IO[bytes] = cast(IO[bytes], upload)
    if kind.is_picture:
        kept = tempfile.SpooledTemporaryFile(max_size=settings.FILE_UPLOAD_MAX_MEMORY_SIZE)  # noqa: SIM115
        try:
            for piece in without_metadata(upload.read(), kind.content_type):
                kept.write(piece)
        except DamagedPicture:
            said = f"“{label}” is damaged: it begins like a picture, and the rest cannot be read. Save it again."
            raise ValidationError(said, code=NOT_OF_A_TYPE) from None
    return _measured(kept, clean_name(given, kind), kind.content_type)


def _label(given: str) -> str:
    """A name as a message may repeat it, before the type is known."""
    return "".join(one for one in given if one.isprintable())[:80] or "The file"


def _too_large(label: str, size: int, most: int, what: str = "file") -> ValidationError:
    """The message for a file over its limit."""
    said = f"“{label}” has {filesizeformat(size)}; a {what} may have at most {filesizeformat(most)}."
    return ValidationError(said.replace("\xa0", " "), code=TOO_LARGE)


def _measured(file: IO[bytes], name: str, content_type: str) -> _Examined:
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    while chunk := file.read(1 << 16):
        digest.update(chunk)
        size += len(chunk)
    file.seek(0)
    return _Examined(file, name, content_type, size, digest.hexdigest())


def _same(review_pk: int, examined: _Examined) -> Attachment | None:
    return Attachment.objects.filter(review_id=review_pk, sha256=examined.sha256, name=examined.name).first()


def refuse_beyond_quota(review_pk: int, size: int) -> None:
    """ValidationError where another `size` bytes would be more than a review may hold."""
    used = Attachment.objects.filter(review_id=review_pk).aggregate(sum=Sum("size"))["sum"] or 0
    most = settings.ATTACHMENT_REVIEW_BYTES
    if used + size > most:
        said = f"The files of this review would have more than {filesizeformat(most)} together. Remove one first."
        raise ValidationError(said.replace("\xa0", " "), code=TOO_LARGE)


def store_file(key: str, examined: _Examined) -> str:
    """The name under which the storage keeps it. Each backend fails in its own way; people are told one thing."""
    try:
        return attachment_storage().save(key, File(examined.file, name=key))
    except Exception as problem:
        logger.exception("attachment %s could not be stored", key)
        raise StorageUnavailable from problem


def discard(stored: str) -> bool:
    """Delete what the storage keeps under a name. A file that no row points to does no harm, so a failure is only
    written down; whether it is gone."""
    try:
        attachment_storage().delete(stored)
    except Exception:
        logger.exception("attachment %s could not be deleted", stored)
        return False
    return True
