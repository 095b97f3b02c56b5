"""Keeping whether a fix held."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.utils import timezone

from accounts.access import Verb, may
from accounts.models import Person
from actions.models import ActionItem, ActionStatus
from core import audit
from core.problems import Problems
from followup.models import HoldAnswer, HoldCheck

LONGEST_NOTE = 5_000


def may_answer(person: Person, action: ActionItem) -> bool:
    """Whether `person`, who may see the item, says whether it held: its owner, and whoever may assign it."""
    return action.owner_id == person.pk or may(person, Verb.ASSIGN, action.incident)


def latest_check(action: ActionItem, *, answered: bool = False) -> HoldCheck | None:
    """The last time that it was asked since the item was done, or the last one that was answered. One query."""
    if action.done_at is None:
        return None
    checks = HoldCheck.objects.filter(action=action, done_at=action.done_at).select_related("answered_by")
    return (checks.exclude(answer="") if answered else checks).order_by("-number").first()


@transaction.atomic
def answer_held(person: Person, action_pk: int, *, answer: str, note: str = "") -> HoldCheck:
    """Keep `answer` (a HoldAnswer) and the note; an earlier answer to the same question is replaced.

    It may be given before it is asked. Http404 where the item may not be seen, PermissionDenied where the answer is for
    others to give, ValidationError by field.
    """
    seen = ActionItem.objects.visible_to(person).filter(pk=action_pk).values("pk")
    action = ActionItem.objects.select_for_update(of=("self",)).select_related("incident").filter(pk__in=seen).first()
    if action is None:
        raise Http404
    if not may_answer(person, action):
        raise PermissionDenied
    problems = Problems()
    if action.status != ActionStatus.DONE or action.done_at is None:
        raise ValidationError({"answer": ["It is not done any more, so there is nothing to say yet."]})
    if answer not in HoldAnswer.values:
        problems.add("answer", "Choose whether it held.")
    note = problems.text("note", note, longest=LONGEST_NOTE).strip()
    problems.refuse_any()
    last = latest_check(action)
    check, _ = HoldCheck.objects.get_or_create(
        action=action,
        done_at=action.done_at,
        number=last.number if last else 1,
        defaults={"asked_at": timezone.now()},
    )
    if (check.answer, check.note) != (answer, note):
        check.answer, check.note = answer, note
        check.answered_by, check.answered_at = person, timezone.now()
        check.save()
        audit.record(person, "answer-held", f"incident {action.incident.number}", f"action {action.pk}: {answer}")
    return check
