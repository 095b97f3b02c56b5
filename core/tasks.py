"""Housekeeping on the worker."""

from datetime import UTC, datetime

from django.core.management import call_command
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status

MOST_RESCUES = 10  # of a job that ends its worker each time


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="clear-sessions")
def clear_sessions(timestamp: int) -> None:
    """Every night: forget sessions that have ended."""
    call_command("clearsessions")


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="rescue-stalled-jobs", pass_context=True)
async def rescue_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Every minute: what a killed worker was doing is done again."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        if job.attempts >= MOST_RESCUES:
            await manager.finish_job(job, Status.FAILED, delete_job=False)
            continue
        try:
            await manager.retry_job(job, retry_at=datetime.now(UTC))
        except ConnectorException:  # the next one of a periodic job waits already
            await manager.finish_job(job, Status.ABORTED, delete_job=True)
