"""Deciding what somebody is told today, and writing it down before anything is sent.

One transaction for each person: what they are told of, the messages that will tell it, and up to which day this was
decided stand together or not at all. Whoever is killed on the way has decided nothing, and it is decided anew.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.models import Person
from actions.models import ActionItemQuerySet
from core.zones import zone_named
from followup.held.questions import questions_of
from followup.models import Channel, Outgoing, PlannedUntil, Reminder, ReminderPreference, Rhythm, Stage
from followup.reminders.audience import led_items, own_items, people_with_items
from followup.reminders.preferences import DAYS_BEFORE, preference_of, rhythms_of
from followup.reminders.stages import A_DAY, A_WEEK, Reached, last_digest_day, stage_of_lead, stage_of_owner

LEAD_AFTER = 7


@dataclass(frozen=True)
class Due:
    """An item, its date, and the stage of which somebody is to be told."""

    action: int
    due: date
    reached: Reached


def people_whose_time_has_come(now: datetime, *, reminders: bool = True, digests: bool = True) -> list[int]:
    """Keys of those for whom something may have to be planned: their hour has come, and today nothing was yet."""
    until = (now + timedelta(days=max(DAYS_BEFORE) + 1)).date()
    return [person.pk for person in people_with_items(until) if _is_time(person, now, reminders, digests)]


def everybody(now: datetime) -> list[int]:
    """Keys of all for whom something may have to be planned, whatever their hour."""
    until = (now + timedelta(days=max(DAYS_BEFORE) + 1)).date()
    return [person.pk for person in people_with_items(until)]


@transaction.atomic
def plan(
    person_pk: int, now: datetime, *, at_once: bool = False, reminders: bool = True, digests: bool = True
) -> list[int]:
    """Write the messages that somebody gets; their keys. `at_once` waits for no hour, and goes over a day again.

    Nothing is written twice, however often this runs and at whatever times.
    """
    PlannedUntil.objects.get_or_create(person_id=person_pk)
    until = PlannedUntil.objects.select_for_update().get(person=person_pk)
    person = Person.objects.get(pk=person_pk)
    preference = preference_of(person)
    local = now.astimezone(zone_named(person.time_zone))
    today = local.date()
    written: list[int] = []
    if not at_once and local.hour < preference.hour:
        return written
    for channel, rhythm in rhythms_of(person, preference).items():
        if rhythm == Rhythm.WEEKLY:
            if digests and _digest_is_due(until, channel, today, preference.weekday, at_once):
                written += _write_digest(person, channel, today, now)
        elif reminders and (at_once or until.day is None or until.day < today):
            due = _due(person, preference, channel, today, told_until=_told_until(until, today))
            written += _write(person, channel, [due] if rhythm == Rhythm.DAILY else [[one] for one in due], today, now)
    if reminders:
        until.day = max(until.day or today, today)
    if digests:
        until.digest = max(until.digest or today, today)
    until.save()
    return written


def _is_time(person: Person, now: datetime, reminders: bool, digests: bool) -> bool:
    local = now.astimezone(zone_named(person.time_zone))
    preference = getattr(person, "reminder_preference", None)
    until = getattr(person, "planned_until", None)
    hour = preference.hour if preference else ReminderPreference().hour
    if local.hour < hour or until is None:
        return local.hour >= hour
    planned = [until.day] * reminders + [until.digest] * digests
    return any(day is None or day < local.date() for day in planned)


def _told_until(until: PlannedUntil, today: date) -> date:
    yesterday = today - A_DAY
    return min(until.day, yesterday) if until.day else yesterday


def _digest_is_due(until: PlannedUntil, channel: Channel, today: date, weekday: int, at_once: bool) -> bool:
    day = last_digest_day(today, weekday)
    if at_once:
        sent = Outgoing.objects.filter(person=until.person_id, channel=channel, is_digest=True, day__gte=day)
        return not sent.exists()
    return day == today if until.digest is None else until.digest < day


def _due(
    person: Person, preference: ReminderPreference, channel: Channel, today: date, *, told_until: date
) -> list[Due]:
    """All of which `person` is to be told and was not by this channel."""
    ahead = max(preference.days_before, default=0)
    found = []
    own: Any = own_items(person).filter(due__lte=today + ahead * A_DAY)
    for pk, due in own.order_by("due", "pk").values_list("pk", "due"):
        reached = stage_of_owner(due, today, told_until, preference.days_before, when_late=preference.when_late)
        if reached:
            found.append(Due(pk, due, reached))
    told = Reminder.objects.filter(
        person=person, action=OuterRef("pk"), due=OuterRef("due"), channel=channel, stage=Stage.LEAD
    )
    found += _to_lead(led_items(person).exclude(Exists(told)), today)
    return _not_told(person, channel, [*found, *_asked(person)])


def _asked(person: Person) -> list[Due]:
    """The items of which it is asked whether they held, with the day since which it is, the same in every zone."""
    days = [(one.item.action.pk, one.asked_at.astimezone(UTC).date()) for one in questions_of(person)]
    return [Due(pk, day, Reached(Stage.HELD, day)) for pk, day in days]


def _not_told(person: Person, channel: Channel, found: list[Due]) -> list[Due]:
    known = set(
        Reminder.objects.filter(person=person, channel=channel, action__in=[one.action for one in found]).values_list(
            "action", "stage", "on", "due"
        )
    )
    return [one for one in found if (one.action, one.reached.stage, one.reached.on, one.due) not in known]


def _to_lead(items: ActionItemQuerySet, today: date) -> list[Due]:
    rows: Any = (
        items.filter(due__lte=today)
        .order_by("due", "pk")
        .values_list("pk", "due", "owner__is_active", "team__reminders", "team__reminders__lead_after")
    )
    found = []
    for pk, due, is_owned, chosen, lead_after in rows:
        after = LEAD_AFTER if chosen is None else lead_after
        reached = None if after is None else stage_of_lead(due, today, after, is_owned=bool(is_owned))
        if reached:
            found.append(Due(pk, due, reached))
    return found


def _write_digest(person: Person, channel: Channel, today: date, now: datetime) -> list[int]:
    """Where each item stands: what is late, what comes this week, what is late in the teams that `person` leads."""
    reached = Reached(Stage.DIGEST, today)
    own: Any = own_items(person).filter(due__lte=today + A_WEEK).values_list("pk", "due")
    digest = [Due(pk, due, reached) for pk, due in own]
    digest += [Due(one.action, one.due, reached) for one in _to_lead(led_items(person), today)]
    digest += _not_told(person, channel, _asked(person))
    return _write(person, channel, [digest], today, now, is_digest=True)


def _write(
    person: Person,
    channel: Channel,
    bundles: Iterable[list[Due]],
    today: date,
    now: datetime,
    *,
    is_digest: bool = False,
) -> list[int]:
    written = []
    for bundle in bundles:
        if not bundle:
            continue
        outgoing = Outgoing.objects.create(
            person=person, channel=channel, is_digest=is_digest, day=today, key=uuid.uuid4(), next_try_at=now
        )
        Reminder.objects.bulk_create(
            Reminder(
                person=person,
                action_id=one.action,
                stage=one.reached.stage,
                on=one.reached.on,
                due=one.due,
                channel=channel,
                outgoing=outgoing,
            )
            for one in bundle
        )
        written.append(outgoing.pk)
    return written
