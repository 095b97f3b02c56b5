"""When it is asked whether a fix held: some weeks after it was done, and again while that is not known."""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Exists, F, OuterRef

from accounts.models import Person, Role
from actions.models import ActionItem, ActionStatus
from core import audit
from followup.models import HoldAnswer, HoldCheck, HoldSetting
from reviews.models import Factor

USUAL_WEEKS = 6
MOST_WEEKS = 52
AGAIN = timedelta(weeks=4)  # after the answer that it is not known yet
MOST_TIMES = 3
# What was done longer ago than that is not asked about any more: an archive that is imported, or the first run after
# an upgrade, shall not ask about years.
TOO_LATE = timedelta(weeks=26)


def weeks_until_asked() -> int:
    """How many weeks after completion it is asked in this organisation. One query."""
    setting = HoldSetting.objects.first()
    return setting.weeks if setting else USUAL_WEEKS


def may_set_weeks(person: Person) -> bool:
    """Whether `person` decides when it is asked."""
    return person.has_role(Role.ADMINISTRATOR)


@transaction.atomic
def set_weeks(person: Person, weeks: int | None) -> None:
    """Ask that many weeks after completion, in the whole organisation. ValidationError for what is no such number."""
    if not may_set_weeks(person):
        raise PermissionDenied
    if weeks is None or not 1 <= weeks <= MOST_WEEKS:
        raise ValidationError({"weeks": [f"Give a whole number of weeks from 1 to {MOST_WEEKS}."]})
    HoldSetting.objects.update_or_create(id=1, defaults={"weeks": weeks})
    audit.record(person, "set-hold-weeks", "action items", str(weeks))


def ask(now: datetime) -> int:
    """Begin to ask about all that is due for it; how many that is. Running it twice asks once. Five queries."""
    until = now - timedelta(weeks=weeks_until_asked())
    questions = [
        *_first_time(until, now),
        *_once_more(now),
    ]
    made = HoldCheck.objects.bulk_create(questions, ignore_conflicts=True)
    return len(made)


def _first_time(until: datetime, now: datetime) -> list[HoldCheck]:
    """About items that remove a factor: without one there is nothing that could come back."""
    asked = HoldCheck.objects.filter(action=OuterRef("pk"), done_at=OuterRef("done_at"))
    removes = Factor.actions.through.objects.filter(actionitem=OuterRef("pk"))
    done = ActionItem.objects.filter(status=ActionStatus.DONE, done_at__gt=until - TOO_LATE, done_at__lte=until)
    found = done.filter(Exists(removes), ~Exists(asked)).values_list("pk", "done_at")
    return [HoldCheck(action_id=pk, done_at=done_at, asked_at=now) for pk, done_at in found if done_at]


def _once_more(now: datetime) -> list[HoldCheck]:
    """About what was not known some weeks ago, a few times at most."""
    later = HoldCheck.objects.filter(
        action=OuterRef("action"), done_at=OuterRef("done_at"), number__gt=OuterRef("number")
    )
    unknown = HoldCheck.objects.filter(
        ~Exists(later),
        answer=HoldAnswer.UNKNOWN,
        answered_at__lte=now - AGAIN,
        number__lt=MOST_TIMES,
        action__status=ActionStatus.DONE,
        action__done_at=F("done_at"),
    )
    found = unknown.values_list("action", "done_at", "number")
    return [HoldCheck(action_id=pk, done_at=done_at, number=number + 1, asked_at=now) for pk, done_at, number in found]
