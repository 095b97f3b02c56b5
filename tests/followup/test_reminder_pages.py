"""The pages on which people choose how they are reminded, and end it; the list of what could not be delivered."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import Person
from catalog.models import Team
from core.failed_jobs import failed_jobs
from core.models import AuditEntry, JobProblem
from core.tasks import clear_sessions
from followup.models import Channel, Outgoing, OutgoingState, ReminderPreference, Rhythm, TeamReminders
from followup.reminders.stopping import stop_path
from tests import factories
from tests.followup.reminding import item, owner, send_all

SignIn = Callable[[Person], Client]

pytestmark = pytest.mark.django_db

CHOSEN = {
    "mail": "weekly",
    "slack": "none",
    "days_before": ["14", "3"],
    "when_late": "on",
    "hour": "7",
    "weekday": "5",
    "time_zone": "berlin",
}


@pytest.fixture(autouse=True)
def mails_go_out(settings: Any) -> None:
    settings.MAILS_NOTIFICATIONS = True
    settings.SITE_ADDRESS = "https://debrief.example"


@pytest.fixture
def olga(db: None) -> Person:
    return owner()


@pytest.fixture
def admin(db: None) -> Person:
    return owner("admin", role="administrator")


# Choosing


def test_a_person_chooses_and_finds_it_again(olga: Person, sign_in: SignIn) -> None:
    client = sign_in(olga)
    answer = client.post("/actions/reminders/", CHOSEN, follow=True)
    assert "Your reminders are as you chose." in answer.content.decode()
    kept = ReminderPreference.objects.get(person=olga)
    assert (kept.mail, kept.days_before, kept.hour, kept.weekday, kept.when_late) == ("weekly", [14, 3], 7, 5, True)
    olga.refresh_from_db()
    assert olga.time_zone == "Europe/Berlin"
    assert 'value="Europe/Berlin"' in answer.content.decode()
    assert AuditEntry.objects.filter(verb="set-reminders", person=olga).count() == 1


def test_a_channel_that_is_not_set_up_is_not_offered_and_stays_as_it_was(olga: Person, sign_in: SignIn) -> None:
    ReminderPreference.objects.create(person=olga, slack=Rhythm.EACH)
    client = sign_in(olga)
    assert "In Slack" not in client.get("/actions/reminders/").content.decode()
    client.post("/actions/reminders/", CHOSEN)
    assert ReminderPreference.objects.get().slack == Rhythm.EACH


@pytest.mark.parametrize(
    "typed",
    [
        {"mail": "hourly"}, {"mail": ""}, {"hour": "24"}, {"hour": "-1"}, {"hour": "9" * 50}, {"hour": "٣"},
        {"weekday": "0"}, {"weekday": "x\x00"}, {"days_before": ["5"]}, {"days_before": ["x"]},
        {"time_zone": ""}, {"time_zone": "Atlantis"}, {"time_zone": "a\x00b"}, {"time_zone": "x" * 500},
    ],
)  # fmt: skip
def test_what_will_not_do_is_said_and_nothing_is_kept(olga: Person, sign_in: SignIn, typed: dict[str, Any]) -> None:
    answer = sign_in(olga).post("/actions/reminders/", CHOSEN | typed)
    assert answer.status_code == 422
    assert "This is not saved yet" in answer.content.decode()
    assert not ReminderPreference.objects.exists()


def test_the_page_says_what_was_sent_lately_in_seven_queries(
    olga: Person, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    client = sign_in(olga)
    for _ in range(3):
        item(olga, timezone.now().date().isoformat())
        send_all(olga, timezone.now(), at_once=True)
    Outgoing.objects.filter(pk=Outgoing.objects.first().pk).update(retried=True)  # type: ignore[union-attr]
    with django_assert_max_num_queries(7):
        page = client.get("/actions/reminders/").content.decode()
    assert page.count("1 action item") == 3
    assert page.count("Sent again, since the first time was not confirmed") == 1


# Ending


def test_a_mail_program_ends_mails_by_one_post_without_signing_in(olga: Person) -> None:
    item(olga, timezone.now().date().isoformat())
    send_all(olga, timezone.now(), at_once=True)
    address = mail.outbox[0].extra_headers["List-Unsubscribe"][1:-1].removeprefix("https://debrief.example")
    client = Client(enforce_csrf_checks=True)
    answer = client.post(address, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200
    assert ReminderPreference.objects.get(person=olga).mail == Rhythm.NONE
    item(olga, timezone.now().date().isoformat(), "Another")
    assert send_all(olga, timezone.now(), at_once=True) == []


def test_looking_at_the_link_ends_nothing_and_its_button_does(olga: Person, client: Client) -> None:
    path = stop_path(olga, Channel.MAIL)
    page = client.get(path)
    assert "Stop them" in page.content.decode()
    assert not ReminderPreference.objects.exists()
    assert "You get no more reminders" in client.post(path).content.decode()
    assert "You get no more reminders" in client.get(path).content.decode()


def test_the_link_offers_one_digest_a_week_instead(olga: Person, client: Client) -> None:
    answer = client.post(stop_path(olga, Channel.MAIL), {"instead": "weekly"})
    assert "One digest a week" in answer.content.decode()
    assert ReminderPreference.objects.get(person=olga).mail == Rhythm.WEEKLY


def test_the_link_leaves_everything_else_as_it_was(olga: Person, client: Client) -> None:
    ReminderPreference.objects.create(person=olga, slack=Rhythm.DAILY, hour=15, days_before=[3])
    client.post(stop_path(olga, Channel.MAIL))
    kept = ReminderPreference.objects.get(person=olga)
    assert (kept.mail, kept.slack, kept.hour, kept.days_before) == ("none", "daily", 15, [3])


def test_the_link_signs_nobody_in_and_shows_no_name(olga: Person, client: Client) -> None:
    page = client.get(stop_path(olga, Channel.MAIL))
    assert "olga" not in page.content.decode().lower().replace(stop_path(olga, Channel.MAIL).lower(), "")
    assert "sessionid" not in client.cookies


@pytest.mark.parametrize("change", [lambda t: t[:-2] + "x/", lambda t: "/actions/reminders/stop/1-mail/", str.upper])
def test_a_link_that_was_tampered_with_is_no_page(olga: Person, client: Client, change: Callable[[str], str]) -> None:
    path = "/actions" + change(stop_path(olga, Channel.MAIL)).lower().removeprefix("/actions")
    for ask in (client.get, client.post):
        assert ask(path.replace("STOP", "stop")).status_code == 404
    assert not ReminderPreference.objects.exists()


# Teams


@pytest.fixture
def team(olga: Person) -> Team:
    team = factories.team("Core")
    team.memberships.create(person=olga, is_lead=True)
    return team


TEAM = {"lead_after": "3", "webhook": "", "weekday": "1", "hour": "9", "time_zone": "UTC"}
HOOK = "https://hooks.slack.com/services/T1/B1/verysecret"


def test_a_lead_chooses_for_the_team(olga: Person, team: Team, sign_in: SignIn) -> None:
    client = sign_in(olga)
    assert "/actions/reminders/teams/core/" in client.get("/actions/reminders/").content.decode()
    client.post("/actions/reminders/teams/core/", TEAM | {"webhook": HOOK})
    kept = TeamReminders.objects.get(team=team)
    assert (kept.lead_after, kept.webhook) == (3, HOOK)
    client.post("/actions/reminders/teams/core/", TEAM | {"lead_after": ""})
    kept.refresh_from_db()
    assert (kept.lead_after, kept.webhook) == (None, HOOK), "an empty field leaves the secret"
    client.post("/actions/reminders/teams/core/", TEAM | {"removes_webhook": "on"})
    kept.refresh_from_db()
    assert kept.webhook == ""


def test_a_webhook_is_shown_to_nobody_and_stands_in_no_audit_entry(olga: Person, team: Team, sign_in: SignIn) -> None:
    client = sign_in(olga)
    answer = client.post("/actions/reminders/teams/core/", TEAM | {"webhook": HOOK}, follow=True)
    assert "verysecret" not in answer.content.decode()
    assert "cret" in answer.content.decode()
    assert not AuditEntry.objects.filter(detail__contains="secret").exists()


@pytest.mark.parametrize(
    "typed",
    [
        {"webhook": "https://evil.example/services/x"}, {"webhook": "x\x00"}, {"webhook": "h" * 600},
        {"lead_after": "0"}, {"lead_after": "-1"}, {"lead_after": "366"}, {"lead_after": "9" * 40}, {"lead_after": "x"},
        {"hour": ""}, {"weekday": "8"}, {"time_zone": "Nowhere"},
    ],
)  # fmt: skip
def test_what_will_not_do_for_a_team_is_said(olga: Person, team: Team, sign_in: SignIn, typed: dict[str, str]) -> None:
    answer = sign_in(olga).post("/actions/reminders/teams/core/", TEAM | typed)
    assert answer.status_code == 422
    assert not TeamReminders.objects.exists()


@pytest.mark.parametrize("role", ["reader", "author", "team-lead", "facilitator"])
def test_for_those_who_do_not_lead_the_team_there_is_no_such_page(team: Team, sign_in: SignIn, role: str) -> None:
    other = owner("other", role=role)
    for ask in (sign_in(other).get, sign_in(other).post):
        assert ask("/actions/reminders/teams/core/").status_code == 404


# Undelivered


@pytest.fixture
def failed(olga: Person) -> Outgoing:
    item(olga, timezone.now().date().isoformat())
    send_all(olga, timezone.now(), at_once=True)
    mail.outbox.clear()
    Outgoing.objects.update(state=OutgoingState.FAILED, problem="The mail server refuses the address (550): no.")
    return Outgoing.objects.get()


def a_failed_job() -> int:
    job = clear_sessions.defer(timestamp=1)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE id = %s", [job])
    JobProblem.objects.create(job=job, text="OSError: <disk> full")
    return job


def test_administrators_see_what_could_not_be_delivered_and_why(
    admin: Person, failed: Outgoing, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    a_failed_job()
    client = sign_in(admin)
    with django_assert_max_num_queries(5):
        page = client.get("/actions/undelivered/").content.decode()
    assert "Mail to Olga" in page
    assert "The mail server refuses the address (550): no." in page
    assert "Every night: forget sessions that have ended." in page
    assert "OSError: &lt;disk&gt; full" in page


def test_a_message_is_tried_again(admin: Person, failed: Outgoing, sign_in: SignIn) -> None:
    sign_in(admin).post(f"/actions/undelivered/{failed.pk}/again")
    failed.refresh_from_db()
    assert (failed.state, failed.attempts) == (OutgoingState.WAITING, 0)
    assert AuditEntry.objects.filter(verb="try-message-again", person=admin).exists()
    [sent] = send_all(Person.objects.get(username="olga"), timezone.now(), at_once=True)
    assert (sent.state, len(mail.outbox)) == (OutgoingState.SENT, 1)


def test_a_message_is_dropped(admin: Person, failed: Outgoing, sign_in: SignIn) -> None:
    client = sign_in(admin)
    client.post(f"/actions/undelivered/{failed.pk}/drop")
    failed.refresh_from_db()
    assert failed.state == OutgoingState.DROPPED
    assert client.post(f"/actions/undelivered/{failed.pk}/drop").status_code == 404


def test_a_job_is_tried_again_or_dropped(admin: Person, sign_in: SignIn) -> None:
    client = sign_in(admin)
    first, second = a_failed_job(), a_failed_job()
    client.post(f"/actions/undelivered/jobs/{first}/again")
    assert ProcrastinateJob.objects.get(pk=first).status == "todo"
    client.post(f"/actions/undelivered/jobs/{second}/drop")
    assert not ProcrastinateJob.objects.filter(pk=second).exists()
    assert failed_jobs() == []
    assert client.post(f"/actions/undelivered/jobs/{first}/drop").status_code == 404


def test_a_job_whose_like_waits_already_is_not_put_beside_it(admin: Person, sign_in: SignIn) -> None:
    job = a_failed_job()
    clear_sessions.defer(timestamp=2)
    assert sign_in(admin).post(f"/actions/undelivered/jobs/{job}/again").status_code == 302
    assert list(ProcrastinateJob.objects.values_list("status", flat=True)) == ["todo"]


@pytest.mark.parametrize("role", ["reader", "author", "team-lead", "facilitator"])
def test_for_everybody_else_there_is_no_such_page(failed: Outgoing, sign_in: SignIn, role: str) -> None:
    client = sign_in(owner("other", role=role))
    assert client.get("/actions/undelivered/").status_code == 404
    for address in (f"{failed.pk}/again", f"{failed.pk}/drop", "jobs/1/again", "jobs/1/drop"):
        assert client.post(f"/actions/undelivered/{address}").status_code == 404
    failed.refresh_from_db()
    assert failed.state == OutgoingState.FAILED


def test_keys_that_no_row_can_have_are_no_page(admin: Person, sign_in: SignIn) -> None:
    client = sign_in(admin)
    for address in (f"{2**70}/again", "0/drop", f"jobs/{2**70}/again", "jobs/0/drop"):
        assert client.post(f"/actions/undelivered/{address}").status_code == 404


def test_the_menu_leads_to_both_pages(olga: Person, admin: Person, sign_in: SignIn) -> None:
    assert "/actions/reminders/" in sign_in(olga).get("/notifications/").content.decode()
    assert "/actions/undelivered/" not in sign_in(olga).get("/notifications/").content.decode()
    assert "/actions/undelivered/" in sign_in(admin).get("/notifications/").content.decode()
