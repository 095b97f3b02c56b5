"""Root causes: answers that name something in the system that can be changed, and the factors they become."""

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Person
from catalog.models import CauseCategory
from reviews.live.store import bring_into_rows
from reviews.models import Factor, Why
from reviews.operations import add_factor, change_why, locked_why


def mark_root_cause(person: Person, why_pk: int, cause: CauseCategory | None = None) -> Why:
    """Say that the answer is a root cause, of that category."""
    return change_why(person, why_pk, is_root_cause=True, cause=cause)


def unmark_root_cause(person: Person, why_pk: int) -> Why:
    """Say that the answer is no root cause after all; its category stays for when it is one again."""
    return change_why(person, why_pk, is_root_cause=False)


@transaction.atomic
def make_factor(person: Person, why_pk: int) -> Factor:
    """The contributing factor that the answer tells of, in its words and category; once made, the same again.

    ValidationError where there is no answer yet.
    """
    why, incident = locked_why(person, why_pk)
    bring_into_rows(incident.pk)
    made = Factor.objects.filter(why=why).first()
    if made:
        return made
    why.refresh_from_db(fields=["answer"])
    if not why.answer.strip():
        raise ValidationError("Answer the question first: the answer is what becomes the factor.")
    return add_factor(person, why.review, text=why.answer, cause=why.cause, why=why)
