"""What the worker does for this room."""

from django.db import OperationalError
from django.utils import timezone
from procrastinate import BaseRetryStrategy, RetryDecision, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from followup.held.asking import ask
from followup.models import OutgoingState
from followup.reminders import outbox
from followup.reminders.planning import people_whose_time_has_come, plan
from followup.reminders.sending import TryLater, deliver
from followup.reminders.team_post import plan_posts


@app.periodic(cron="27 5 * * *")
@app.task(queueing_lock="ask-whether-held")
def ask_whether_held(timestamp: int) -> None:
    """Every morning: ask about the fixes that were done some weeks ago whether they held."""
    ask(timezone.now())


MOST_OUTAGES = 30


class _WhenTheOutboxSays(BaseRetryStrategy):
    """The outbox knows when to try again, since commands send as well."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """At that time; soon where the database went away; not at all for what else is no failure to deliver."""
        if isinstance(exception, TryLater):
            return RetryDecision(retry_at=exception.at)
        if isinstance(exception, OperationalError) and job.attempts < MOST_OUTAGES:
            return RetryDecision(retry_in={"seconds": 60})
        return None


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="remind")
def remind(timestamp: int) -> None:
    """Every five minutes: whoever's hour has come is told what there is to tell; what is left to send is sent."""
    now = timezone.now()
    planned = _under_way("followup.tasks.remind_person", "person")
    for person in people_whose_time_has_come(now):
        if person not in planned:
            remind_person.defer(person=person)
    plan_posts(now)
    under_way = _under_way("followup.tasks.deliver_message", "message")
    for message in outbox.ready(now):
        if message not in under_way:
            deliver_message.defer(message=message)


@app.task(retry=RetryStrategy(max_attempts=8, exponential_wait=4))
def remind_person(person: int) -> None:
    """Decides what one person is told today, and sends it."""
    for message in plan(person, timezone.now()):
        deliver_message.defer(message=message)


@app.task(retry=_WhenTheOutboxSays())
def deliver_message(message: int) -> None:
    """Sends one message of the outbox; later where it is not taken, for about a day."""
    outgoing = deliver(message)
    if outgoing is not None and outgoing.state == OutgoingState.WAITING:
        raise TryLater(outgoing.next_try_at)


@app.periodic(cron="11 4 * * *")
@app.task(queueing_lock="forget-messages")
def forget_messages(timestamp: int) -> None:
    """Every night: what was sent long ago is no longer kept."""
    outbox.forget_old(timezone.now())


def _under_way(task: str, argument: str) -> set[int]:
    """For which keys a job of this task waits or runs."""
    jobs = ProcrastinateJob.objects.filter(task_name=task, status__in=["todo", "doing"])
    return {found.get(argument) for found in jobs.values_list("args", flat=True)}
