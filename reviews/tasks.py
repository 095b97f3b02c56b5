"""What the worker does for this room."""

from django.utils import timezone
from procrastinate.contrib.django import app

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
