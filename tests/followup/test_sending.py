"""What a reminder says, that it goes out once, and what becomes of it when it is not taken."""

import re
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from django.core import mail
from django.db import connections
from django.utils import timezone

from accounts.models import Person
from actions.models import ActionStatus
from followup.models import Outgoing, OutgoingState, Rhythm
from followup.reminders import outbox
from followup.reminders.planning import plan
from followup.reminders.sending import deliver
from incidents.models import Visibility
from reviews.publishing import publish_review
from tests import factories
from tests.fakes.smtp import SmtpServer
from tests.followup.reminding import choose, item, owner, published, send_all

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def mails_go_out(settings: Any) -> None:
    settings.MAILS_NOTIFICATIONS = True
    settings.SITE_ADDRESS = "https://debrief.example/"


@pytest.fixture
def olga(db: None) -> Person:
    return owner()


def day(days: int) -> str:
    """The date so many days from now, in UTC."""
    return (timezone.now().date() + timedelta(days=days)).isoformat()


def now_in_the_morning() -> Any:
    return timezone.now().replace(hour=9)


def subject_of(person: Person, **more: Any) -> str:
    send_all(person, now_in_the_morning(), **more)
    return str(mail.outbox[-1].subject)


# What it says


@pytest.mark.parametrize(
    ("days", "subject"),
    [
        ((0,), "Due today: Item 0"),
        ((1,), "Due tomorrow: Item 0"),
        ((-40,), "40 days overdue: Item 0"),
        ((0, 0), "2 action items are due today"),
        ((1, 7), "2 action items are due in the next 7 days"),
        ((7, 7, 1), "3 action items are due in the next 7 days"),
        ((-3, -4), "2 action items are overdue"),
        ((-3, 0, 1, 7), "4 action items: 1 overdue, 1 due today, 2 due in the next 7 days"),
    ],
)
def test_the_subject_says_what_stands_in_the_mail(olga: Person, days: tuple[int, ...], subject: str) -> None:
    incident = published()
    for number, one in enumerate(days):
        item(olga, day(one), f"Item {number}", incident=incident)
    assert subject_of(olga) == subject


def test_a_subject_is_one_line_whatever_the_title(olga: Person) -> None:
    item(olga, day(0), "Add an alert\r\nBcc: everybody@example.org")
    assert subject_of(olga) == "Due today: Add an alert Bcc: everybody@example.org"
    assert mail.outbox[-1].recipients() == ["olga@example.org"]


def test_a_mail_groups_its_items_and_leads_to_each(olga: Person) -> None:
    late = item(olga, day(-3), "Late & <b>bold</b>")
    soon = item(olga, day(1), "Soon")
    send_all(olga, now_in_the_morning())
    [sent] = mail.outbox
    assert re.search(r"OVERDUE\n\n\* Late & <b>bold</b>\n  3 days overdue\n  from \"Pool ran dry\"\n", sent.body)
    assert f"https://debrief.example/actions/{late.pk}/" in sent.body
    assert sent.body.index("OVERDUE") < sent.body.index("SOON") < sent.body.index(f"/actions/{soon.pk}/")
    html, kind = sent.alternatives[0]
    assert kind == "text/html"
    assert "Late &amp; &lt;b&gt;bold&lt;/b&gt;" in html
    assert f'href="https://debrief.example/actions/{soon.pk}/"' in html
    assert "https://debrief.example/actions/reminders/" in sent.body


def test_a_mail_can_be_stopped_by_its_reader_and_by_their_program(olga: Person) -> None:
    item(olga, day(0))
    send_all(olga, now_in_the_morning())
    headers = mail.outbox[0].extra_headers
    stop = headers["List-Unsubscribe"]
    assert re.fullmatch(r"<https://debrief\.example/actions/reminders/stop/[\w:-]+/>", stop)
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["Auto-Submitted"] == "auto-generated"
    assert stop[1:-1] in mail.outbox[0].body


def test_many_items_are_cut_short_with_a_link_to_the_rest(olga: Person) -> None:
    incident = published()
    for number in range(25):
        item(olga, day(0), f"Item {number}", incident=incident)
    assert subject_of(olga) == "25 action items are due today"
    assert mail.outbox[0].body.count("* Item") == 20
    assert "and 5 more: https://debrief.example/actions/" in mail.outbox[0].body


def test_a_lead_reads_who_owns_what_is_late(olga: Person) -> None:
    team = factories.team("Core", olga)
    lead = owner("lee")
    team.memberships.create(person=lead, is_lead=True)
    item(olga, day(-9), "Late", team=team)
    item(None, day(-1), "Nobody's", team=team)
    assert subject_of(lead) == "2 action items: 1 overdue and owned by others, 1 without an owner"
    assert "9 days overdue, Olga" in mail.outbox[0].body
    assert "You are told of what others do since you lead their team, or nobody does." in mail.outbox[0].body


def test_a_digest_is_called_one(olga: Person) -> None:
    choose(olga, mail=Rhythm.WEEKLY, weekday=timezone.now().isoweekday())
    item(olga, day(-5))
    item(olga, day(3))
    assert subject_of(olga) == f"Your week: 1 overdue, 1 due on {_said(3)}"
    assert "Your weekly digest" in mail.outbox[0].body


def _said(days: int) -> str:
    when = timezone.now().date() + timedelta(days=days)
    year = f" {when.year}" if when.year != timezone.now().year else ""
    return f"{when:%A}, {when.day} {when:%B}{year}"


def test_where_people_are_roles_the_mail_says_what_was_published(olga: Person) -> None:
    writer = factories.person("writer")
    review = factories.draft(writer, "Writer broke the pool")
    review.names_as_roles = True
    review.save()
    action = item(olga, day(0), "Ask Writer for the runbook", incident=review.incident)
    publish_review(writer, review)
    subject = subject_of(olga)
    assert "Writer" not in subject
    assert "Writer" not in mail.outbox[0].body
    assert f"/actions/{action.pk}/" in mail.outbox[0].body


# What is settled meanwhile


@pytest.mark.parametrize("change", ["done", "moved", "handed over", "restricted", "wants none"])
def test_what_is_settled_before_it_is_sent_is_not_sent(olga: Person, change: str) -> None:
    action = item(olga, day(0))
    [planned] = plan(olga.pk, now_in_the_morning())
    if change == "done":
        action.status = ActionStatus.DONE
    elif change == "moved":
        action.due = timezone.now().date() + timedelta(days=30)
    elif change == "handed over":
        action.owner = factories.person("somebody")
    elif change == "restricted":
        action.incident.visibility = Visibility.RESTRICTED
        action.incident.save()
    else:
        choose(olga, mail=Rhythm.NONE)
    action.save()
    sent = deliver(planned)
    assert sent
    assert sent.state == OutgoingState.DROPPED
    assert mail.outbox == []


def test_where_mail_is_not_set_up_nothing_is_lost(olga: Person, settings: Any) -> None:
    item(olga, day(0))
    [planned] = plan(olga.pk, now_in_the_morning())
    settings.MAILS_NOTIFICATIONS = False
    assert outbox.ready(timezone.now()) == []
    waiting = deliver(planned)
    assert waiting
    assert (waiting.state, waiting.problem) == (OutgoingState.WAITING, "Mail is not set up (docs/operations.md).")


# Once


def test_what_is_sent_is_not_sent_again(olga: Person) -> None:
    item(olga, day(0))
    [sent] = send_all(olga, now_in_the_morning())
    assert sent.state == OutgoingState.SENT
    assert deliver(sent.pk) is None
    assert outbox.ready(timezone.now()) == []
    assert len(mail.outbox) == 1


def test_what_was_handed_over_and_not_confirmed_goes_out_again_as_the_same_mail_and_says_so(olga: Person) -> None:
    item(olga, day(0))
    [pk] = plan(olga.pk, now_in_the_morning())
    Outgoing.objects.update(state=OutgoingState.SENDING, attempts=1, next_try_at=timezone.now())
    sent = deliver(pk)
    assert sent
    assert (sent.state, sent.retried, sent.attempts) == (OutgoingState.SENT, True, 2)
    assert mail.outbox[0].body.startswith("The mail server did not confirm this mail")
    assert mail.outbox[0].extra_headers["Message-ID"] == f"<reminder-{sent.key}@debrief.example>"
    assert mail.outbox[0].extra_headers["X-Debrief-Sent-Again"] == "2"


@pytest.mark.django_db(transaction=True)
def test_what_another_sender_has_in_hand_is_left_to_it(olga: Person) -> None:
    item(olga, day(0))
    [pk] = plan(olga.pk, now_in_the_morning())
    other = connections["default"].copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended('outgoing', %s))", [pk])
    assert deliver(pk) is None
    other.close()
    for _ in range(100):
        if sent := deliver(pk):
            break
    assert sent
    assert sent.state == OutgoingState.SENT


def test_a_sender_that_breaks_off_every_time_is_given_up(olga: Person) -> None:
    item(olga, day(0))
    [pk] = plan(olga.pk, now_in_the_morning())
    Outgoing.objects.update(state=OutgoingState.SENDING, attempts=outbox.MOST_ATTEMPTS, next_try_at=timezone.now())
    assert deliver(pk) is None
    assert Outgoing.objects.get().state == OutgoingState.FAILED
    assert mail.outbox == []


# The mail server


@pytest.fixture
def over_smtp(settings: Any) -> Any:
    """Mails go over the wire."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    return settings


def test_a_mail_arrives_as_text_and_html_with_its_headers(olga: Person, over_smtp: Any) -> None:
    item(olga, day(0), "Füge einen Alarm hinzu 🫖")
    with SmtpServer() as smtp:
        over_smtp.EMAIL_PORT = smtp.port
        send_all(olga, now_in_the_morning())
        [came] = smtp.messages
    assert isinstance(came, EmailMessage)
    assert came["Subject"] == "Due today: Füge einen Alarm hinzu 🫖"
    assert came["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert [part.get_content_type() for part in came.iter_parts()] == ["text/plain", "text/html"]


def test_a_server_that_says_later_is_asked_later_and_gets_the_same_mail(olga: Person, over_smtp: Any) -> None:
    item(olga, day(0))
    with SmtpServer() as smtp:
        over_smtp.EMAIL_PORT = smtp.port
        smtp.refuse("451 later")
        [waiting] = send_all(olga, now_in_the_morning())
        assert waiting.state == OutgoingState.WAITING
        assert waiting.problem == "The mail server refused it (451): later"
        assert not waiting.retried, "it said that it did not take it"
        assert waiting.next_try_at > timezone.now()
        assert deliver(waiting.pk) is None, "not before its time"
        smtp.refuse("")
        Outgoing.objects.update(next_try_at=timezone.now())
        sent = deliver(waiting.pk)
    assert sent
    assert (sent.state, len(smtp.messages)) == (OutgoingState.SENT, 1)


def test_after_a_day_of_trying_it_is_given_up(olga: Person, over_smtp: Any) -> None:
    item(olga, day(0))
    over_smtp.EMAIL_PORT = 1
    [waiting] = send_all(olga, now_in_the_morning())
    waited = timedelta(0)
    while waiting.state == OutgoingState.WAITING:
        waited += waiting.next_try_at - timezone.now()
        Outgoing.objects.update(next_try_at=timezone.now())
        waiting = deliver(waiting.pk) or waiting
    assert waiting.state == OutgoingState.FAILED
    assert waiting.problem == "The mail server cannot be reached."
    assert timedelta(hours=20) < waited < timedelta(hours=30)


@pytest.mark.parametrize("email", ["olga@", "olga\n@example.org", "олга@пример", "a" * 250 + "@x"])
def test_an_address_that_is_none_breaks_nothing(olga: Person, over_smtp: Any, email: str) -> None:
    other = owner("other")
    item(other, day(0))
    item(olga, day(0))
    Person.objects.filter(pk=olga.pk).update(email=email[:254])
    with SmtpServer() as smtp:
        over_smtp.EMAIL_PORT = smtp.port
        [one] = send_all(olga, now_in_the_morning())
        [fine] = send_all(other, now_in_the_morning())
    assert one.state in (OutgoingState.SENT, OutgoingState.WAITING, OutgoingState.FAILED)
    assert fine.state == OutgoingState.SENT


def test_messages_are_forgotten_once_nothing_that_they_told_of_is_left_to_do(olga: Person) -> None:
    action = item(olga, day(0))
    send_all(olga, now_in_the_morning())
    later = timezone.now() + outbox.KEPT + timedelta(days=1)
    outbox.forget_old(later)
    assert Outgoing.objects.count() == 1
    action.status = ActionStatus.DONE
    action.save()
    outbox.forget_old(later)
    assert Outgoing.objects.count() == 0
