"""What waits for someone, and what to read: the parts of home."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from django.db.models import DurationField, F, Q, QuerySet
from django.db.models.functions import Greatest

from accounts.models import Person
from actions.models import ActionItem
from followup.held.questions import Question, questions_of
from followup.worded import Worded, all_worded, for_reader
from incidents.models import Notification, NotificationKind, Status
from incidents.notifications import unread_of
from reviews.queries import Draft, drafts_of
from wiki.models import SearchEntry
from wiki.rows import Row, rows_of

MOST_ACTIONS = 8
MOST_ASKED = 5
MOST_DRAFTS = 5
MOST_UNREAD = 5
MOST_LATELY = 10
MOST_A_YEAR_AGO = 3
AROUND = timedelta(days=3)


@dataclass(frozen=True)
class DueAction:
    """An action item of the reader's own; `title` and `about` (the incident) as the reader may read them."""

    action: ActionItem
    title: str
    about: str
    url: str
    days_overdue: int
    is_today: bool


@dataclass(frozen=True)
class Waiting:
    """What home shows. `more_actions` says that not all of them are here."""

    unread: list[Notification]
    to_approve: list[Draft]
    actions: list[DueAction]
    more_actions: bool
    held: list[Question]
    in_review: list[Draft]
    drafts: list[Draft]
    more_drafts: int
    lately: list[Row]
    year_ago: list[Row]

    @property
    def is_for_me(self) -> bool:
        """Whether anything waits for the reader."""
        return bool(self.unread or self.to_approve or self.actions or self.held or self.drafts or self.in_review)

    @property
    def is_all_empty(self) -> bool:
        """Whether there is nothing at all, as on a new installation."""
        return not (self.is_for_me or self.lately or self.year_ago)


def waiting_for(person: Person, today: date, zone: tzinfo) -> Waiting:
    """What home shows `person`, for whom it is `today` in `zone`. Five queries, six while anything is unread."""
    actions = _actions(person, today)
    drafts = drafts_of(person)
    to_approve = [one for one in drafts if one.awaits_me]
    asked = [one for one in drafts if one.incident.status == Status.IN_REVIEW and not one.awaits_me]
    written = [one for one in drafts if one.incident.status == Status.DRAFT]
    return Waiting(
        unread=_unread(person, to_approve) if person.may_have_unread else [],
        to_approve=to_approve[:MOST_DRAFTS],
        actions=actions[:MOST_ACTIONS],
        more_actions=len(actions) > MOST_ACTIONS,
        held=questions_of(person, MOST_ASKED),
        in_review=asked[:MOST_DRAFTS],
        drafts=written[:MOST_DRAFTS],
        more_drafts=sum(max(len(some) - MOST_DRAFTS, 0) for some in (to_approve, asked, written)),
        lately=rows_of(_published(person).order_by("-occurred_at", "-incident")[:MOST_LATELY]),
        year_ago=rows_of(_around(person, _a_year_before(today), zone)),
    )


def _unread(person: Person, to_approve: list[Draft]) -> list[Notification]:
    """What was said, without the requests that stand among the reviews to approve."""
    asked = [one.incident.pk for one in to_approve]
    requests = Q(kind=NotificationKind.REVIEW_ASKED, incident__in=asked)
    return list(unread_of(person).exclude(requests)[:MOST_UNREAD])


def _actions(person: Person, today: date) -> list[DueAction]:
    mine = ActionItem.objects.visible_to(person).unfinished().filter(owner=person)
    first = for_reader(mine, person).order_by(F("due").asc(nulls_last=True), "pk")[: MOST_ACTIONS + 1]
    return [_due(one, today) for one in all_worded(first, person)]


def _due(item: Worded, today: date) -> DueAction:
    due = item.action.due
    return DueAction(
        action=item.action,
        title=item.title,
        about=item.about,
        url=item.review_url,
        days_overdue=(today - due).days if due and due < today else 0,
        is_today=due == today,
    )


def _published(person: Person) -> "QuerySet[SearchEntry]":
    return SearchEntry.objects.visible_to(person).filter(status=Status.PUBLISHED)


def _around(person: Person, day: date, zone: tzinfo) -> "QuerySet[SearchEntry]":
    """What began on `day` or a few days before or after it, the nearest to it first."""
    noon = datetime.combine(day, time(12), zone)
    away = Greatest(F("occurred_at") - noon, noon - F("occurred_at"), output_field=DurationField())
    near = _published(person).filter(occurred_at__range=(noon - AROUND, noon + AROUND))
    return near.order_by(away, "occurred_at")[:MOST_A_YEAR_AGO]


def _a_year_before(today: date) -> date:
    """The same day of last year; 28 February after a leap day."""
    day = 28 if (today.month, today.day) == (2, 29) else today.day
    return today.replace(year=today.year - 1, day=day)
