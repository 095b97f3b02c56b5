"""Dismissing a finding with a reason, and taking that back."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404

from accounts.access import Verb, may
from accounts.models import Person
from core import audit
from core.problems import Problems
from incidents.operations import locked_incident
from reviews.checker.check import check_review
from reviews.live.store import bring_into_rows
from reviews.models import Dismissal, Review

_GONE = "This finding is gone: the words or the rule have changed. Look at what is found now."


@transaction.atomic
def dismiss(person: Person, review: Review, rule: str, place: str, words: str, reason: str) -> Dismissal:
    """Leave the finding of `rule` about `words` at `place` (a finding's `where`) as it is, with the reason why.

    One that was dismissed already keeps its reason. A finding that blocks publishing is dismissed only by whoever may
    publish. Raises Http404 or PermissionDenied without access, ValidationError without a reason or where nothing of
    the kind is found.
    """
    incident = locked_incident(person, Verb.EDIT, review.pk)
    problems = Problems()
    reason = problems.line("reason", reason, longest=1000, required="Say why it is fine as it is.")
    problems.refuse_any()
    bring_into_rows(incident.pk)
    stored = Review.objects.select_related("incident", "template").get(pk=incident.pk)
    checked = check_review(stored)
    wanted = (rule, place, " ".join(words.split()))
    for finding, dismissal in checked.dismissed:
        if (finding.rule, finding.where, finding.words) == wanted:
            return dismissal
    found = next((one for one in checked.open if (one.rule, one.where, one.words) == wanted), None)
    if found is None:
        raise ValidationError({"words": [_GONE]})
    if found.blocking and not may(person, Verb.PUBLISH, incident):
        raise PermissionDenied
    # The same finding may have been dismissed, its words changed and then restored: that reason was about these words.
    dismissal, _ = Dismissal.objects.update_or_create(
        review=stored,
        rule=found.rule,
        place=found.where,
        words=found.words,
        defaults={"reason": reason, "person": person},
    )
    audit.record(person, "dismiss-finding", f"incident {incident.number}", f"{found.rule} at {found.where}: {reason}")
    return dismissal


@transaction.atomic
def take_back(person: Person, dismissal_pk: int) -> None:
    """Let a dismissed finding stand again. Http404 where there is no such dismissal."""
    review_pk = Dismissal.objects.filter(pk=dismissal_pk).values_list("review_id", flat=True).first()
    if review_pk is None:
        raise Http404
    incident = locked_incident(person, Verb.EDIT, review_pk)
    dismissal = Dismissal.objects.filter(pk=dismissal_pk).first()
    if dismissal is None:
        raise Http404
    dismissal.delete()
    detail = f"{dismissal.rule} at {dismissal.place}"
    audit.record(person, "take-back-finding", f"incident {incident.number}", detail)
