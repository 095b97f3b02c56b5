"""Reading an upload, and importing what was chosen of it: at once where that is quick, else on the worker."""

import uuid
from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.access import may_start_reviews
from accounts.models import Person
from reviews.attaching import StorageUnavailable
from reviews.importing.attempts import STORAGE_SILENT, attempt, batch_of
from reviews.importing.found import Found
from reviews.importing.uploads.keeping import find_upload, may_publish_imports
from reviews.importing.uploads.opening import opened
from reviews.importing.uploads.previewing import entry_of
from reviews.models import EntryStatus, Upload, UploadEntry, UploadState

_FEW = 20  # write-ups that are imported while somebody waits
_SAVED_AT_ONCE = 25
_STOPPED_AFTER = timedelta(minutes=2)


def begin_reading(upload: Upload) -> None:
    """Read what is quickly read; give the rest to the worker."""
    from reviews.tasks import read_upload_later  # the queue is ready once all rooms are

    try:
        with opened(upload) as seen:
            is_small = seen.is_small
        if is_small:
            read_upload(upload.pk)
            return
    except StorageUnavailable:
        pass  # the worker tries for longer
    read_upload_later.defer(upload=str(upload.pk))


def read_upload(key: uuid.UUID) -> None:
    """Fill in the entries of an upload that waits to be read, or whose reading was broken off."""
    upload = Upload.objects.filter(pk=key, state=UploadState.READING).select_related("owner").first()
    if upload is None:
        return
    upload.entries.all().delete()
    with opened(upload) as seen:
        _note(upload, total=len(seen.found), problems=seen.problems)
        batch = batch_of(_touching(upload, seen.found))
        waiting: list[UploadEntry] = []
        for position, found in enumerate(seen.found):
            entry = entry_of(found, upload.owner, batch)
            entry.upload, entry.position = upload, position
            waiting.append(entry)
            if len(waiting) >= _SAVED_AT_ONCE:
                _save(upload, waiting)
        _save(upload, waiting)
    _note(upload, state=UploadState.READY if seen.found else UploadState.FAILED)


def begin_import(person: Person, key: uuid.UUID, chosen: Iterable[int] | None, *, publish: bool) -> int:
    """Import the entries at the `chosen` positions, or all new ones; how many they are.

    None are where something is being done with the upload already. `publish` counts for those who may only.
    """
    with transaction.atomic():
        upload = find_upload(person, key)
        upload = Upload.objects.select_for_update().get(pk=upload.pk)
        if upload.state != UploadState.READY:
            return 0
        entries = upload.entries.filter(status=EntryStatus.NEW)
        if chosen is not None:
            entries = entries.filter(position__in=list(chosen))
        count = entries.update(status=EntryStatus.CHOSEN)
        if not count:
            return 0
        upload.publish = publish and may_publish_imports(person)
        upload.state, upload.touched_at = UploadState.IMPORTING, timezone.now()
        upload.save(update_fields=["publish", "state", "touched_at"])
    from reviews.tasks import import_chosen_later  # the queue is ready once all rooms are

    try:
        with opened(upload) as seen:
            is_quick = seen.is_small and count <= _FEW
        if is_quick:
            import_chosen(upload.pk)
            return count
    except StorageUnavailable:
        pass  # the worker tries for longer
    import_chosen_later.defer(upload=str(upload.pk))
    return count


def import_chosen(key: uuid.UUID) -> None:
    """Import what was chosen and is not yet imported, as drafts of the upload's owner."""
    upload = Upload.objects.filter(pk=key, state=UploadState.IMPORTING).select_related("owner").first()
    if upload is None:
        return
    owner = upload.owner
    if not (owner.is_active and may_start_reviews(owner)):
        upload.entries.filter(status=EntryStatus.CHOSEN).update(status=EntryStatus.NEW)
    publish = upload.publish and may_publish_imports(owner)
    with opened(upload) as seen:
        batch = batch_of(_touching(upload, seen.found))
        for entry in upload.entries.filter(status=EntryStatus.CHOSEN):
            if entry.position < len(seen.found):
                outcome = attempt(seen.found[entry.position], owner, publish=publish, batch=batch, trusted=False)
                entry.status, entry.review, entry.problems = outcome.status, outcome.review, outcome.problems
                if outcome.problems == [STORAGE_SILENT]:
                    entry.status = EntryStatus.NEW
            else:
                entry.status, entry.problems = EntryStatus.FAILED, seen.problems or ["It is no longer kept."]
            entry.save(update_fields=["status", "review", "problems"])
            _note(upload)
    _note(upload, state=UploadState.READY)


def has_stopped(upload: Upload) -> bool:
    """Whether nobody works on it any more although it is not done: the worker was killed, or does not run."""
    at_work = upload.state in (UploadState.READING, UploadState.IMPORTING)
    return at_work and timezone.now() - upload.touched_at > _STOPPED_AFTER


def begin_again(upload: Upload) -> None:
    """Give an upload that has stopped to the worker once more. What was imported stays as it is."""
    from reviews.tasks import import_chosen_later, read_upload_later  # the queue is ready once all rooms are

    if has_stopped(upload):
        _note(upload)
        task = read_upload_later if upload.state == UploadState.READING else import_chosen_later
        task.defer(upload=str(upload.pk))


def _touching(upload: Upload, found: Iterable[Found]) -> Iterator[Found]:
    """Each of them, with a sign of life now and then."""
    for number, one in enumerate(found):
        if number % 50 == 49:
            _note(upload)
        yield one


def _save(upload: Upload, waiting: list[UploadEntry]) -> None:
    UploadEntry.objects.bulk_create(waiting, ignore_conflicts=True)
    waiting.clear()
    _note(upload)


def _note(upload: Upload, **changed: object) -> None:
    Upload.objects.filter(pk=upload.pk).update(touched_at=timezone.now(), **changed)
