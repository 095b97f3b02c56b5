"""Reminders as the worker sends them, and as the commands do; jobs that a killed worker left behind."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from accounts.models import Person
from core.failed_jobs import failed_jobs
from core.tasks import MOST_RESCUES, rescue_stalled_jobs
from followup.models import Outgoing, OutgoingState, ReminderPreference, Rhythm
from followup.reminders import outbox
from followup.reminders.running import run as run_all
from followup.tasks import deliver_message, remind, remind_person
from tests.fakes.smtp import SmtpServer
from tests.followup.reminding import choose, item, owner

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def smtp(settings: Any) -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST = "127.0.0.1"
        settings.EMAIL_PORT = server.port
        settings.MAILS_NOTIFICATIONS = True
        settings.SITE_ADDRESS = "https://debrief.example"
        yield server


def today(days: int = 0) -> str:
    return (timezone.now().date() + timedelta(days=days)).isoformat()


def early_bird(username: str) -> Person:
    """Somebody whose hour has come, whatever the time."""
    person = owner(username)
    ReminderPreference.objects.create(person=person, hour=0)
    return person


def work() -> None:
    """A worker that does what is there to do, and ends; in a thread, since a browser of other tests may run in this."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(_work).result()


def _work() -> None:
    try:
        with app.replace_connector(app.connector.get_worker_connector()) as working:  # type: ignore[attr-defined]
            working.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
    finally:
        connection.close()


def jobs(task: Any) -> list[tuple[str, int]]:
    return list(ProcrastinateJob.objects.filter(task_name=task.name).values_list("status", "attempts"))


# The worker


def test_the_worker_tells_each_whose_hour_has_come_once(smtp: SmtpServer) -> None:
    for number in range(3):
        item(early_bird(f"owner{number}"), today())
    item(owner("late-riser"), today())
    ReminderPreference.objects.create(person=Person.objects.get(username="late-riser"), hour=23, mail=Rhythm.NONE)
    remind.defer(timestamp=1)
    work()
    assert sorted(str(mail["To"]) for mail in smtp.messages) == [f"owner{number}@example.org" for number in range(3)]
    remind.defer(timestamp=2)
    work()
    assert len(smtp.messages) == 3
    assert jobs(deliver_message) == jobs(remind_person) == [], "what was done is not kept in the queue"


def test_the_queue_tries_again_when_the_outbox_says(smtp: SmtpServer) -> None:
    item(early_bird("olga"), today())
    smtp.refuse("451 later")
    remind.defer(timestamp=1)
    work()
    outgoing = Outgoing.objects.get()
    [job] = ProcrastinateJob.objects.filter(task_name=deliver_message.name)
    assert (job.status, job.scheduled_at) == ("todo", outgoing.next_try_at)
    Outgoing.objects.update(next_try_at=timezone.now())
    remind.defer(timestamp=2)
    work()
    assert jobs(deliver_message) == [("todo", 1)], "one that waits already is not put beside it"
    smtp.refuse("")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now()")
    work()
    assert len(smtp.messages) == 1
    assert failed_jobs() == []


def test_a_message_whose_job_was_lost_is_found_again(smtp: SmtpServer) -> None:
    item(early_bird("olga"), today())
    remind_person.defer(person=Person.objects.get(username="olga").pk)
    work()
    smtp.messages.clear()
    Outgoing.objects.update(state=OutgoingState.SENDING, next_try_at=timezone.now())
    remind.defer(timestamp=1)
    work()
    assert len(smtp.messages) == 1
    assert Outgoing.objects.get().retried


def test_what_breaks_off_is_kept_with_its_reason(smtp: SmtpServer, settings: Any) -> None:
    item(early_bird("olga"), today())
    settings.EMAIL_BACKEND = "nowhere.EmailBackend"
    remind.defer(timestamp=1)
    work()
    [failed] = failed_jobs()
    assert failed.what == "Sends one message of the outbox; later where it is not taken, for about a day."
    assert failed.problem.startswith("ModuleNotFoundError: ")
    outgoing = Outgoing.objects.get()
    assert (outgoing.state, outgoing.problem) == (
        OutgoingState.WAITING,
        "It broke off (ModuleNotFoundError); the log of the worker says where.",
    )


def test_a_database_that_went_away_is_waited_for(smtp: SmtpServer) -> None:
    job = Job(id=1, queue="default", lock=None, queueing_lock=None, task_name=deliver_message.name, attempts=3)
    assert deliver_message.get_retry_exception(OperationalError("gone"), job)
    assert not deliver_message.get_retry_exception(ValueError("a fault"), job)


def test_jobs_of_a_killed_worker_are_done_again(smtp: SmtpServer) -> None:
    item(early_bird("olga"), today())
    remind_person.defer(person=Person.objects.get(username="olga").pk)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = NULL")
    rescue_stalled_jobs.defer(timestamp=1)
    work()
    work()
    assert len(smtp.messages) == 1


def test_a_job_that_ends_its_worker_each_time_is_given_up(smtp: SmtpServer) -> None:
    remind_person.defer(person=early_bird("olga").pk)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', attempts = %s", [MOST_RESCUES])
    rescue_stalled_jobs.defer(timestamp=1)
    work()
    assert [one.what for one in failed_jobs()] == ["Decides what one person is told today, and sends it."]


def test_a_periodic_job_whose_next_one_waits_is_not_done_twice(smtp: SmtpServer) -> None:
    remind.defer(timestamp=1)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = NULL")
    remind.defer(timestamp=2)
    rescue_stalled_jobs.defer(timestamp=1)
    work()
    work()
    assert not ProcrastinateJob.objects.filter(task_name=remind.name, args__timestamp__in=[1, 2]).exists()


def test_several_at_once_send_each_message_once(smtp: SmtpServer) -> None:
    for number in range(4):
        item(early_bird(f"owner{number}"), today())

    def send(_: int) -> None:
        run_all(timezone.now(), digests=False, at_once=True)
        connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(send, range(4)))
    assert sorted(str(mail["To"]) for mail in smtp.messages) == [f"owner{number}@example.org" for number in range(4)]
    assert not Outgoing.objects.filter(retried=True).exists()


# The commands


def run(command: str, **options: Any) -> str:
    out = StringIO()
    call_command(command, stdout=out, stderr=out, **options)
    return out.getvalue()


def test_send_reminders_waits_for_no_hour_and_sends_nothing_twice(smtp: SmtpServer) -> None:
    olga = owner()
    choose(olga, hour=23)
    item(olga, today())
    assert run("send_reminders") == "1 sent, 0 to try again, 0 given up, 0 settled meanwhile.\n"
    assert run("send_reminders").startswith("0 sent")
    assert len(smtp.messages) == 1


def test_send_digest_sends_one_a_week(smtp: SmtpServer) -> None:
    olga = owner()
    choose(olga, mail=Rhythm.WEEKLY)
    item(olga, today(-3))
    assert run("send_reminders").startswith("0 sent")
    assert run("send_digest").startswith("1 sent")
    assert run("send_digest").startswith("0 sent")
    assert str(smtp.messages[0]["Subject"]) == "Your week: 1 overdue"


def test_both_commands_can_wait_for_the_hour(smtp: SmtpServer) -> None:
    weekly, daily = early_bird("weekly"), early_bird("daily")
    ReminderPreference.objects.filter(person=weekly).update(mail=Rhythm.WEEKLY, weekday=timezone.now().isoweekday())
    for person in (weekly, daily):
        item(person, today())
    assert run("send_reminders", at_their_hour=True).startswith("1 sent")
    assert run("send_digest", at_their_hour=True).startswith("1 sent")
    assert run("send_digest", at_their_hour=True).startswith("0 sent")
    assert sorted(str(mail["To"]) for mail in smtp.messages) == ["daily@example.org", "weekly@example.org"]


def test_what_could_not_be_delivered_is_said_and_exits_1(smtp: SmtpServer) -> None:
    item(owner(), today())
    smtp.refuse("550 no")
    with pytest.raises(CommandError, match="1 could not be delivered; /actions/undelivered/ says why") as problem:
        run("send_reminders")
    assert problem.value.returncode == 1


def test_without_anything_to_send_by_it_says_what_to_set(settings: Any) -> None:
    settings.MAILS_NOTIFICATIONS = False
    item(owner(), today())
    said = run("send_reminders")
    assert "set EMAIL_HOST and DEBRIEF_ADDRESS" in said
    assert "0 sent" in said
    assert outbox.ready(timezone.now()) == []
