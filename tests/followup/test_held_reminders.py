"""Whoever is asked whether a fix held is asked by a reminder as well: once each time, with what has happened since."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import Person
from actions.models import ActionItem
from followup.held.answering import answer_held
from followup.held.asking import AGAIN, ask
from followup.models import HoldCheck, Rhythm, Stage
from followup.reminders.planning import people_whose_time_has_come
from reviews.models import Factor
from tests import factories
from tests.followup.reminding import choose, item, owner, published, send_all, told

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def mails_go_out(settings: Any) -> None:
    settings.MAILS_NOTIFICATIONS = True
    settings.SITE_ADDRESS = "https://debrief.example/"


@pytest.fixture
def olga(db: None) -> Person:
    return owner()


@pytest.fixture
def fix(olga: Person) -> ActionItem:
    """What Olga did seven weeks ago, and is asked about since today."""
    incident = published(services=[factories.service("Payments")])
    made = item(olga, "2026-01-02", "Add a limit", incident=incident, status="done", done_at=morning(-49))
    factor = Factor.objects.create(review=incident.review, text="No limit", cause=factories.cause("capacity"))
    factor.actions.add(made)
    ask(morning())
    return made


def morning(days: int = 0) -> Any:
    return timezone.now().replace(hour=9) + timedelta(days=days)


def test_it_is_asked_once(olga: Person, fix: ActionItem) -> None:
    assert [one for one in people_whose_time_has_come(morning()) if one == olga.pk]
    assert told(olga, morning()) == [[("Add a limit", Stage.HELD)]]
    assert told(olga, morning(1)) == []


def test_the_mail_tells_what_has_happened_since(olga: Person, fix: ActionItem) -> None:
    facts: dict[str, Any] = {"services": [factories.service("Payments")], "causes": [factories.cause("capacity")]}
    published("The same again", occurred_at=morning(-10), **facts)
    published("Hidden", occurred_at=morning(-9), visibility="restricted", **facts)
    send_all(olga, morning())
    [sent] = mail.outbox
    assert sent.subject == "Did it hold? Add a limit"
    assert "since then “The same again”" in sent.body
    assert "Hidden" not in sent.body
    assert f"https://debrief.example/actions/{fix.pk}/held/" in sent.body


def test_the_same_mail_tells_of_what_is_due(olga: Person, fix: ActionItem) -> None:
    item(olga, timezone.now().date().isoformat(), "Add an alert", incident=fix.incident)
    send_all(olga, morning())
    [sent] = mail.outbox
    assert sent.subject == "2 action items: 1 due today, 1 waiting for your word whether they held"
    assert "nothing like it since" in sent.body


def test_what_was_answered_meanwhile_is_not_sent(olga: Person, fix: ActionItem) -> None:
    assert told(olga, morning()) == [[("Add a limit", Stage.HELD)]]
    answer_held(olga, fix.pk, answer="held")
    send_all(olga, morning())
    assert mail.outbox == []


def test_a_digest_asks_as_well_and_once(olga: Person, fix: ActionItem) -> None:
    choose(olga, mail=Rhythm.WEEKLY, weekday=morning().isoweekday())
    assert told(olga, morning()) == [[("Add a limit", Stage.HELD)]]
    assert told(olga, morning(7)) == []


def test_who_wants_no_reminders_is_asked_on_home_alone(olga: Person, fix: ActionItem) -> None:
    choose(olga, mail=Rhythm.NONE)
    assert told(olga, morning()) == []


def test_what_is_asked_again_is_told_again(olga: Person, fix: ActionItem) -> None:
    told(olga, morning())
    answer_held(olga, fix.pk, answer="unknown")
    HoldCheck.objects.update(answered_at=morning())
    ask(morning() + AGAIN)
    assert told(olga, morning() + AGAIN) == [[("Add a limit", Stage.HELD)]]
