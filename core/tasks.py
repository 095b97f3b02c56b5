"""Housekeeping on the worker."""

from django.core.management import call_command
from procrastinate.contrib.django import app


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="clear-sessions")
def clear_sessions(timestamp: int) -> None:
    """Every night: forget sessions that have ended."""
    call_command("clearsessions")
