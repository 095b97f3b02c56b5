"""What the worker does for this room."""

import uuid

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from reviews.attaching import StorageUnavailable
from reviews.importing.uploads.keeping import discard_expired
from reviews.importing.uploads.working import import_chosen, read_upload
from reviews.live.store import LEFT_BEHIND, finish
from reviews.removed_attachments import delete_old_files


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="finish-texts")
def finish_texts(timestamp: int) -> None:
    """Every five minutes: the rows get what a killed live process left behind, where none was started again."""
    finish(LEFT_BEHIND)


@app.periodic(cron="37 3 * * *")
@app.task(queueing_lock="delete-removed-files")
def delete_removed_files(timestamp: int) -> None:
    """Every night: what was removed from reviews more than a week ago."""
    delete_old_files(timezone.now())


_PATIENT = RetryStrategy(max_attempts=6, exponential_wait=4, retry_exceptions=[StorageUnavailable])


@app.task(retry=_PATIENT)
def read_upload_later(upload: str) -> None:
    """See what is in an upload that is too large to be read while somebody waits."""
    read_upload(uuid.UUID(upload))


@app.task(retry=_PATIENT)
def import_chosen_later(upload: str) -> None:
    """Import what was chosen of an upload."""
    import_chosen(uuid.UUID(upload))


@app.periodic(cron="23 * * * *")
@app.task(queueing_lock="discard-uploads")
def discard_uploads(timestamp: int) -> None:
    """Every hour: forget uploads whose day is over."""
    discard_expired(timezone.now())
