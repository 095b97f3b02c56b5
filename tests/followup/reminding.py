"""Rows and moments for tests of reminders."""

from datetime import UTC, date, datetime
from typing import Any

from accounts.models import Person
from actions.models import ActionItem
from followup.models import Outgoing, Rhythm
from followup.reminders import outbox
from followup.reminders.planning import plan
from followup.reminders.preferences import set_preference
from followup.reminders.sending import deliver
from incidents.models import Incident
from tests import factories

TODAY = date(2026, 12, 1)  # a Tuesday


def at(day: date = TODAY, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def owner(username: str = "olga", **more: Any) -> Person:
    return factories.person(username, email=f"{username}@example.org", **more)


def published(title: str = "Pool ran dry", **facts: Any) -> Incident:
    return factories.published(factories.person("writer"), title, **facts).review.incident


def item(person: Person | None, due: str, title: str = "Add an alert", **more: Any) -> ActionItem:
    incident = more.pop("incident", None) or published()
    return ActionItem.objects.create(incident=incident, title=title, owner=person, due=date.fromisoformat(due), **more)


def choose(person: Person, **chosen: Any) -> None:
    usual: dict[str, Any] = {
        "mail": Rhythm.DAILY,
        "slack": Rhythm.NONE,
        "days_before": [7, 1, 0],
        "when_late": True,
        "hour": 9,
        "weekday": 1,
        "time_zone": person.time_zone,
    }
    set_preference(person, **usual | chosen)


def told(person: Person, now: datetime, **more: Any) -> list[list[tuple[str, str]]]:
    """What is planned for somebody at that moment: title and stage of each item, by message."""
    messages = Outgoing.objects.filter(pk__in=plan(person.pk, now, **more)).order_by("pk")
    return [sorted(one.reminders.values_list("action__title", "stage")) for one in messages]


def send_all(person: Person, now: datetime, **more: Any) -> list[Outgoing]:
    """Plan, deliver everything that waits, and give it as it stands then."""
    plan(person.pk, now, **more)
    waiting = Outgoing.objects.filter(person=person, state__in=outbox.TO_SEND).order_by("pk")
    return [sent for one in waiting if (sent := deliver(one.pk))]
