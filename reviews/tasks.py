"""What the worker does for this room."""

from procrastinate.contrib.django import app

from reviews.live.store import LEFT_BEHIND, finish


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="finish-texts")
def finish_texts(timestamp: int) -> None:
    """Every five minutes: the rows get what a killed live process left behind, where none was started again."""
    finish(LEFT_BEHIND)
