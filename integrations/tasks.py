"""What the worker does for this room."""

from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from integrations.models import TrackedProject
from integrations.trackers.asking import enqueue_due
from integrations.trackers.looking import look
from integrations.trackers.polling import forget_deliveries, look_at_unseen, poll, projects_to_poll


@app.task
def look_at_issue(issue: int) -> None:
    """Bring an action item and its issue in step. What fails is due again later, which its page tells."""
    look(issue)


@app.task
def poll_project(project: int) -> None:
    """Read what changed in one project of a tracker."""
    found = TrackedProject.objects.filter(pk=project).first()
    if found is not None:
        poll(found)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="look-at-due-issues")
def look_at_due_issues(timestamp: int) -> None:
    """Every minute: what is to be tried again by now."""
    enqueue_due(timezone.now())


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="poll-trackers")
def poll_trackers(timestamp: int) -> None:
    """Every five minutes: what webhooks did not tell."""
    now = timezone.now()
    for project in projects_to_poll(now):
        try:
            poll_project.configure(queueing_lock=f"tracked-project-{project.pk}").defer(project=project.pk)
        except AlreadyEnqueued:
            continue
    look_at_unseen(now)


@app.periodic(cron="27 3 * * *")
@app.task(queueing_lock="forget-tracker-deliveries")
def forget_tracker_deliveries(timestamp: int) -> None:
    """Every night: webhooks of more than two weeks ago."""
    forget_deliveries(timezone.now())
