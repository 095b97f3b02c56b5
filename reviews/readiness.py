"""How far a review is: what is there, and what readers expect and do not find yet."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db.models import Count, Min, Q
from django.db.models.functions import Coalesce

from actions.models import ActionItem
from incidents.models import Incident, Participant, ParticipantRole, Status
from reviews.models import Approval, Comment, Factor, Review, SectionKind, Verdict
from reviews.wording import Wording, wording_of
from timeline.models import EventKind


@dataclass(frozen=True)
class Missing:
    """Something that readers of a review expect and that is not there yet."""

    code: str
    message: str
    anchor: str
    blocking: bool = False


@dataclass(frozen=True)
class Readiness:
    """What a review holds, as far as its checklist asks."""

    incident: Incident
    wording: Wording
    written: set[str]
    has_services: bool
    events: int
    is_detected: bool
    whys: int
    root_causes: int
    factors: list[Factor]
    actions: list[ActionItem]
    attachments: int
    threads: int
    open_threads: int
    first_comment: int | None
    facilitator: Participant | None
    approvals: list[Approval]

    @property
    def state(self) -> "State":
        """Its status, and what reviewers made of it."""
        return state_of(self.incident.status, [one.verdict for one in self.approvals])

    @property
    def awaited(self) -> list[Approval]:
        """Those who have not answered yet."""
        return [one for one in self.approvals if not one.verdict]

    @property
    def objecting(self) -> list[Approval]:
        """Those who asked for changes."""
        return [one for one in self.approvals if one.verdict == Verdict.CHANGES]

    @property
    def is_approved(self) -> bool:
        """Whether somebody was asked and everybody who was has approved."""
        return bool(self.approvals) and not self.awaited and not self.objecting


@dataclass(frozen=True)
class State:
    """A state in words; `slug` is for its looks."""

    slug: str
    words: str


def state_of(status: str, verdicts: Collection[str]) -> State:
    """The status of a review; in review, also whether changes were asked for or everybody asked has approved."""
    if status == Status.IN_REVIEW and Verdict.CHANGES in verdicts:
        return State("changes-asked", "Changes asked")
    if status == Status.IN_REVIEW and verdicts and all(one == Verdict.APPROVED for one in verdicts):
        return State("approved", "Approved")
    return State(status, str(Status(status).label))


def readiness_of(review: Review) -> Readiness:
    """Eleven small queries, more where the template was not read with the review."""
    incident = review.incident
    wording = wording_of(review)
    events = incident.events.aggregate(all=Count("pk"), detections=Count("pk", filter=Q(kind=EventKind.DETECTION)))
    whys = review.whys.aggregate(all=Count("pk"), roots=Count("pk", filter=Q(is_root_cause=True)))
    still_open = Q(thread__resolved_at__isnull=True)
    threads = Comment.objects.filter(thread__review=review).aggregate(
        all=Count("thread", distinct=True),
        open=Count("thread", distinct=True, filter=still_open),
        first=Coalesce(Min("pk", filter=still_open), Min("pk")),
    )
    facilitators = incident.participants.filter(role=ParticipantRole.FACILITATOR).select_related("person")
    return Readiness(
        incident=incident,
        wording=wording,
        written={one.kind for one in review.sections.all() if wording[one.kind].written(one.text)},
        has_services=incident.services.exists(),
        events=events["all"],
        is_detected=bool(incident.detected_at or events["detections"]),
        whys=whys["all"],
        root_causes=whys["roots"],
        factors=list(review.factors.prefetch_related("actions")),
        actions=list(incident.actions.all()),
        attachments=review.attachments.count(),
        threads=threads["all"],
        open_threads=threads["open"],
        first_comment=threads["first"],
        facilitator=facilitators.first(),
        approvals=list(review.approvals.select_related("person")),
    )


def missing_from(ready: Readiness) -> list[Missing]:
    """What the review lacks, in reading order. Only a missing summary blocks publishing."""
    missing: list[Missing] = []
    if SectionKind.SUMMARY not in ready.written:
        missing.append(Missing("no-summary", "There is no summary.", "summary", blocking=True))
    if not ready.is_detected:
        missing.append(Missing("no-detection", "The timeline has no detection event.", "timeline"))
    if not ready.factors:
        missing.append(Missing("no-factor", "No contributing factor is named.", "factors"))
    missing.extend(
        Missing(
            "factor-without-action", f"No action removes the factor “{_short(factor.text)}”.", f"factor-{factor.pk}"
        )
        for factor in ready.factors
        if not factor.actions.all()
    )
    missing.extend(_unowned(ready.actions))
    missing.extend(_unapproved(ready))
    return missing


def _unowned(actions: list[ActionItem]) -> Iterator[Missing]:
    for action in actions:
        if action.is_finished:
            continue
        lacks = []
        if action.owner_id is None and not action.owner_as_written:
            lacks.append("owner")
        if action.due is None:
            lacks.append("due date")
        if lacks:
            message = f"The action “{_short(action.title)}” has no {' and no '.join(lacks)}."
            yield Missing("action-without-" + lacks[0].replace(" ", "-"), message, f"action-{action.pk}")


def _unapproved(ready: Readiness) -> Iterator[Missing]:
    """Once it was published, only those who were asked again and did not approve."""
    for one in ready.objecting:
        yield Missing("changes-asked", f"{one.person} asked for changes.", "approval")
    if ready.incident.is_published:
        return
    if ready.awaited:
        names = listed([str(one.person) for one in ready.awaited])
        verb = "has" if len(ready.awaited) == 1 else "have"
        yield Missing("not-approved", f"{names} {verb} not answered yet.", "approval")
    elif not ready.approvals:
        yield Missing("not-approved", "Nobody is asked to review it.", "approval")


def listed(names: list[str]) -> str:
    """ "Ada, Lee and Sam"."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _short(text: str) -> str:
    words = " ".join(text.split()).rstrip(".")
    return words if len(words) <= 60 else words[:59].rstrip() + "…"
