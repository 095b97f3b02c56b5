"""What the worker would do, done at once."""

from datetime import timedelta

from django.db import models
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from integrations.models import TrackedIssue, TrackedProject, TrackerConnection
from integrations.tasks import look_at_due_issues, poll_trackers

ROOM = "integrations.tasks."


def waiting() -> models.QuerySet[ProcrastinateJob]:
    return ProcrastinateJob.objects.filter(status="todo", task_name__startswith=ROOM).order_by("pk")


def work() -> int:
    """Everything of this room that is queued, and what that queues: how many jobs."""
    done = 0
    while jobs := list(waiting()):
        assert done < 50, "jobs make jobs without end"
        for job in jobs:
            ProcrastinateJob.objects.filter(pk=job.pk)._raw_delete("default")
            app.tasks[job.task_name](**job.args)
            done += 1
    return done


def poll() -> None:
    """What happens every five minutes."""
    poll_trackers(0)
    work()


def time_passes(**by: float) -> None:
    """All that waits has waited that much longer."""
    ago = timedelta(**by)
    earlier = {name: models.F(name) - ago for name in ("due_at", "fetched_at", "checked_at", "created_at")}
    TrackedIssue.objects.update(**earlier)
    TrackerConnection.objects.update(paused_until=models.F("paused_until") - ago)
    TrackedProject.objects.update(polled_at=models.F("polled_at") - ago)


def try_again() -> int:
    """What happens every minute: how many jobs."""
    look_at_due_issues(0)
    return work()


def soon(seconds: float = 60) -> str:
    """An instant ahead, as trackers write it."""
    return f"{timezone.now() + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%SZ}"
