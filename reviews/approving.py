"""In review: asking named people, what they answer, and whether the review changed since."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from accounts.access import Verb
from accounts.models import Person
from core import audit
from core.models import AuditEntry
from core.problems import Problems
from incidents import operations as incidents
from incidents.models import Incident, NotificationKind, Participant, ParticipantRole, Status
from incidents.notifications import notify
from incidents.operations import locked_incident
from reviews.live.store import bring_into_rows
from reviews.models import Approval, Review, TextVersion, Verdict

LONGEST_REQUEST = 500
LONGEST_NOTE = 10_000
ANCHOR = "approval"
# Verbs of the audit trail that change nothing of what reviewers read; "write" is told by the history, to the second.
_BESIDE_THE_TEXT = Q(verb__contains="comment") | Q(verb__contains="thread") | Q(
    verb__in=[
        "start",
        "write",
        "ask-for-review",
        "approve",
        "ask-for-changes",
        "withdraw-request",
        "change-status",
        "add-participant",
        "remove-participant",
        "change-visibility",
        "confirm-recurrence",
        "take-back-recurrence",
    ]
)  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """What a reviewer was asked and said; `is_outdated` where the review changed after that."""

    approval: Approval
    is_outdated: bool


@transaction.atomic
def ask_for_review(person: Person, review: Review, people: Iterable[Person], request: str = "") -> list[Approval]:
    """Ask `people` to approve the review, which is in review from now on; each takes part as a reviewer.

    Asking somebody again takes their verdict back. Raises ValidationError for a review that is published, for nobody,
    and for people who would approve their own words.
    """
    incident = locked_incident(person, Verb.EDIT, review.pk)
    asked = list(dict.fromkeys(people))
    problems = Problems()
    request = problems.line("request", request, longest=LONGEST_REQUEST)
    if incident.is_published:
        problems.add(
            "people", "This review is published. Its changes become its next version when it is published again."
        )
    if not asked:
        problems.add("people", "Name at least one person who should look at it.")
    authors = {one.person_id for one in incident.participants.filter(role=ParticipantRole.AUTHOR)}
    for one in asked:
        if problem := _why_not(one, person, authors):
            problems.add("people", problem)
    problems.refuse_any()
    approvals = [_ask(person, incident, one, request) for one in asked]
    named = ", ".join(sorted(one.username for one in asked))
    audit.record(person, "ask-for-review", f"incident {incident.number}", named)
    incidents.change_status(person, incident, Status.IN_REVIEW)
    return approvals


@transaction.atomic
def give_verdict(person: Person, review: Review, verdict: str, note: str = "") -> Approval:
    """Approve the review or ask for changes, as one who was asked to; the later verdict counts.

    PermissionDenied for everybody else, ValidationError for changes that nobody can guess.
    """
    incident = locked_incident(person, Verb.COMMENT, review.pk)
    approval = Approval.objects.filter(review_id=incident.pk, person=person).first()
    if approval is None:
        raise PermissionDenied
    problems = Problems()
    if incident.status != Status.IN_REVIEW:
        became = "went back to draft. You will be asked again" if incident.status == Status.DRAFT else "is published"
        problems.add("note", f"This review {became}.")
    problems.choice("verdict", verdict, Verdict.values)
    required = "Write what should change, so that the authors can do it." if verdict == Verdict.CHANGES else ""
    approval.note = problems.text("note", note, longest=LONGEST_NOTE, required=required)
    problems.refuse_any()
    bring_into_rows(incident.pk)
    approval.verdict, approval.decided_at = verdict, timezone.now()
    approval.save(update_fields=["verdict", "note", "decided_at"])
    verb = "approve" if verdict == Verdict.APPROVED else "ask-for-changes"
    audit.record(person, verb, f"incident {incident.number}")
    kind = NotificationKind.APPROVED if verdict == Verdict.APPROVED else NotificationKind.CHANGES_ASKED
    for one in _those_who_write(incident, approval):
        notify(one, incident, kind, person, approval.note, ANCHOR)
    return approval


@transaction.atomic
def withdraw_request(person: Person, review: Review, approval_pk: int) -> Person:
    """Take a reviewer off the review, with what they said; returns who it was."""
    incident = locked_incident(person, Verb.EDIT, review.pk)
    approval = Approval.objects.select_related("person").filter(review_id=incident.pk, pk=approval_pk).first()
    if approval is None:
        raise Http404
    approval.delete()
    incident.participants.filter(person=approval.person, role=ParticipantRole.REVIEWER).delete()
    audit.record(person, "withdraw-request", f"incident {incident.number}", approval.person.username)
    return approval.person


@transaction.atomic
def remove_participant(person: Person, incident: Incident, participant_pk: int) -> None:
    """As incidents.operations.remove_participant; a reviewer who goes takes the request along."""
    participant = incident.participants.filter(pk=participant_pk).first()
    incidents.remove_participant(person, incident, participant_pk)
    if participant and participant.role == ParticipantRole.REVIEWER:
        Approval.objects.filter(review_id=incident.pk, person=participant.person_id).delete()


def answers_of(review: Review) -> list[Answer]:
    """Who was asked and what they said, in the order of asking. One query, three where somebody answered."""
    approvals = list(review.approvals.select_related("person", "asked_by"))
    changed = last_changed(review) if any(one.decided_at for one in approvals) else None
    return [Answer(one, bool(changed and one.decided_at and one.decided_at < changed)) for one in approvals]


def last_changed(review: Review) -> datetime | None:
    """When the text or the facts of the review changed last; None where they never did. Two queries."""
    told = AuditEntry.objects.filter(subject=f"incident {review.incident.number}").exclude(_BESIDE_THE_TEXT)
    texts = TextVersion.objects.filter(review=review)
    moments = [told.aggregate(at=Max("at"))["at"], texts.aggregate(at=Max("saved_at"))["at"]]
    return max((at for at in moments if at), default=None)


def suggested_reviewers(review: Review) -> "QuerySet[Person]":
    """Who might review it: its facilitator, its reviewers, and those who lead the teams that own its services."""
    incident = review.incident
    roles = [ParticipantRole.FACILITATOR, ParticipantRole.REVIEWER]
    taking_part = Participant.objects.filter(incident=incident, role__in=roles).values("person")
    leads = Q(memberships__is_lead=True, memberships__team__services__incidents=incident)
    fitting = Person.objects.filter(Q(pk__in=taking_part) | leads, is_active=True)
    authors = Participant.objects.filter(incident=incident, role=ParticipantRole.AUTHOR).values("person")
    return fitting.exclude(pk__in=authors).distinct()


def _why_not(whom: Person, asking: Person, authors: set[int]) -> str:
    if not whom.is_active:
        return f"{whom} no longer has an account that works."
    if whom.pk in authors and len(authors) == 1:
        return f"{whom} is the only author. Somebody else sees what an author no longer does."
    if whom.pk in authors and whom.pk == asking.pk:
        return "You wrote it. Ask somebody else; another author can ask you."
    return ""


def _ask(person: Person, incident: Incident, whom: Person, request: str) -> Approval:
    Participant.objects.get_or_create(incident=incident, person=whom, role=ParticipantRole.REVIEWER)
    asked = {"asked_by": person, "asked_at": timezone.now(), "request": request}
    approval, _ = Approval.objects.update_or_create(
        review_id=incident.pk, person=whom, defaults={**asked, "verdict": "", "note": "", "decided_at": None}
    )
    notify(whom, incident, NotificationKind.REVIEW_ASKED, person, request, ANCHOR)
    return approval


def _those_who_write(incident: Incident, approval: Approval) -> Iterable[Person]:
    """Whoever asked, the authors and the facilitator, each once."""
    writing = Q(role__in=[ParticipantRole.AUTHOR, ParticipantRole.FACILITATOR]) | Q(person=approval.asked_by_id)
    taking_part = incident.participants.filter(writing).select_related("person")
    return {one.person_id: one.person for one in taking_part}.values()
