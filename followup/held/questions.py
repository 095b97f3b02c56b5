"""Who is asked whether a fix held, and about what: its owner, or the leads of its team where it has none any more."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse

from accounts.models import Person
from actions.models import ActionItem, ActionStatus
from catalog.models import Membership
from followup.models import HoldCheck
from followup.worded import Worded, all_worded, for_reader


@dataclass(frozen=True)
class Question:
    """That somebody is asked about an item. `check` is the key of the HoldCheck: each is one question, asked once."""

    check: int
    item: Worded
    asked_at: datetime

    @property
    def url(self) -> str:
        """Where it is answered, with what has happened since."""
        return reverse("action-held", args=[self.item.action.pk])

    @property
    def done_at(self) -> datetime | None:
        """When the item was done."""
        return self.item.action.done_at


def questions_of(person: Person, most: int | None = None) -> list[Question]:
    """What `person` is asked and has not answered yet, the longest first. One query."""
    open_ones = HoldCheck.objects.filter(answer="", done_at=F("action__done_at")).values("action")
    asked = ActionItem.objects.visible_to(person).filter(_asked(person), pk__in=open_ones, status=ActionStatus.DONE)
    rows: Any = for_reader(asked, person).filter(hold_checks__answer="", hold_checks__done_at=F("done_at"))
    rows = rows.annotate(check_pk=F("hold_checks__pk"), asked_at=F("hold_checks__asked_at"))
    found = list(rows.order_by("hold_checks__asked_at", "pk")[:most])
    worded = all_worded(found, person)
    return [Question(row.check_pk, item, row.asked_at) for row, item in zip(found, worded, strict=True)]


def people_asked() -> "QuerySet[Person]":
    """The people with a question open, for reminders, which then ask `questions_of` each. Whether they may still see
    the item is decided there."""
    items = ActionItem.objects.filter(
        status=ActionStatus.DONE, hold_checks__answer="", hold_checks__done_at=F("done_at")
    )
    owners = items.exclude(owner=None).values("owner")
    teams = items.filter(_without_owner()).exclude(team=None).values("team")
    leads = Membership.objects.filter(team__in=teams, is_lead=True).values("person")
    return Person.objects.filter(Q(pk__in=owners) | Q(pk__in=leads), is_active=True).order_by("pk")


def _asked(person: Person) -> Q:
    led = person.memberships.filter(is_lead=True).values("team")
    return Q(owner=person) | (_without_owner() & Q(team__in=led))


def _without_owner() -> Q:
    return Q(owner=None) | Q(owner__is_active=False)
