"""Jobs of the worker that failed for good: why, once more, and away with them."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import Max
from django.http import Http404
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import ConnectorException

from core import audit
from core.models import JobProblem
from core.text import storable

MOST = 200


@dataclass(frozen=True)
class FailedJob:
    """A job that the worker gave up. `what` is its task in words, `about` what it was to work on."""

    pk: int
    what: str
    about: str
    attempts: int
    failed_at: datetime | None
    problem: str


def watch(app: Any) -> None:
    """Told of the worker's application as soon as it is ready (PROCRASTINATE_ON_APP_READY)."""
    app.worker_defaults["task_middleware"].append(note_problem)


def note_problem(call_next: Callable[[], Any], context: JobContext, worker: Any) -> Any:
    """Around each job that the worker runs: keeps why it failed, and forgets it once it does not."""
    try:
        result = call_next()
    except Exception as problem:
        with suppress(DatabaseError):
            text = " ".join(storable(f"{type(problem).__name__}: {problem}").split())[:600]
            JobProblem.objects.update_or_create(job=context.job.id or 0, defaults={"text": text})
        raise
    if context.job.attempts:
        JobProblem.objects.filter(job=context.job.id or 0).delete()
    return result


def failed_jobs() -> list[FailedJob]:
    """The last ones, the newest first. Two queries."""
    jobs = ProcrastinateJob.objects.filter(status="failed").annotate(failed_at=Max("procrastinateevent__at"))
    found = list(jobs.order_by("-failed_at", "-pk")[:MOST])
    problems = JobProblem.objects.in_bulk([job.pk for job in found])
    return [
        FailedJob(
            pk=job.pk,
            what=_in_words(job.task_name),
            about=", ".join(f"{name} {value}" for name, value in job.args.items() if name != "timestamp"),
            attempts=job.attempts + 1,
            failed_at=job.failed_at,
            problem=problems[job.pk].text if job.pk in problems else "",
        )
        for job in found
    ]


def try_job_again(person: Any, pk: int) -> None:
    """Put it back into the queue, where nothing of its kind waits there already. Http404 where it has not failed."""
    _failed(pk)
    try:
        with transaction.atomic():
            app.job_manager.retry_job_by_id(pk, retry_at=timezone.now())
    except ConnectorException:
        _delete(pk)
    audit.record(person, "try-job-again", f"job {pk}")


def drop_job(person: Any, pk: int) -> None:
    """Forget it. Http404 where it has not failed."""
    job = _failed(pk)
    _delete(pk)
    audit.record(person, "drop-job", f"job {pk}", f"{job.task_name} {job.args}")


def _failed(pk: int) -> Any:
    job = ProcrastinateJob.objects.filter(pk=pk, status="failed").first()
    if job is None:
        raise Http404
    return job


def _delete(pk: int) -> None:
    """The queue has no word for this; its events go with it."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s AND status = 'failed'", [pk])
    JobProblem.objects.filter(job=pk).delete()


def _in_words(task_name: str) -> str:
    """What the task's own first line says it does."""
    task = app.tasks.get(task_name)
    said = (task.func.__doc__ or "").strip().partition("\n")[0] if task else ""
    return said or task_name
