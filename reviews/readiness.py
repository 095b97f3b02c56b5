"""How far a review is: what it holds, what the checker finds, and what those who were asked made of it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db.models import Count, Min, Q
from django.db.models.functions import Coalesce

from incidents.models import Incident, Status
from reviews.checker.check import Checked, check_review
from reviews.checker.material import Material
from reviews.models import Approval, Comment, Review, Verdict
from reviews.wording import Wording, wording_of


@dataclass(frozen=True)
class Unsettled:
    """What people still have to say before a review is published; it never keeps one from publishing."""

    code: str
    message: str
    anchor: str


@dataclass(frozen=True)
class Readiness:
    """What a review holds, as far as its checklist asks."""

    incident: Incident
    wording: Wording
    checked: Checked
    attachments: int
    threads: int
    open_threads: int
    open_comments: int
    first_comment: int | None
    approvals: list[Approval]

    @property
    def holds(self) -> Material:
        """The review as the checker read it."""
        return self.checked.material

    @property
    def written(self) -> set[str]:
        """The sections in which something is written."""
        return {kind for kind, text in self.holds.sections.items() if text.strip()}

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
    """Fourteen small queries, more where the template was not read with the review."""
    incident = review.incident
    still_open = Q(thread__resolved_at__isnull=True)
    threads = Comment.objects.filter(thread__review=review).aggregate(
        all=Count("thread", distinct=True),
        open=Count("thread", distinct=True, filter=still_open),
        comments=Count("pk", filter=still_open),
        first=Coalesce(Min("pk", filter=still_open), Min("pk")),
    )
    return Readiness(
        incident=incident,
        wording=wording_of(review),
        checked=check_review(review),
        attachments=review.attachments.count(),
        threads=threads["all"],
        open_threads=threads["open"],
        open_comments=threads["comments"],
        first_comment=threads["first"],
        approvals=list(review.approvals.select_related("person")),
    )


def unsettled(ready: Readiness) -> list[Unsettled]:
    """What reviewers still have to answer; readers never see comments, their writers may have meant to settle them."""
    found = list(_unapproved(ready))
    if ready.open_comments:
        words = "1 comment is open." if ready.open_comments == 1 else f"{ready.open_comments} comments are open."
        found.append(Unsettled("open-comments", words, f"comment-{ready.first_comment}"))
    return found


def _unapproved(ready: Readiness) -> Iterator[Unsettled]:
    """Once it was published, only those who were asked again and did not approve."""
    for one in ready.objecting:
        yield Unsettled("changes-asked", f"{one.person} asked for changes.", "approval")
    if ready.incident.is_published:
        return
    if ready.awaited:
        names = listed([str(one.person) for one in ready.awaited])
        verb = "has" if len(ready.awaited) == 1 else "have"
        yield Unsettled("not-approved", f"{names} {verb} not answered yet.", "approval")
    elif not ready.approvals:
        yield Unsettled("not-approved", "Nobody is asked to review it.", "approval")


def listed(names: list[str]) -> str:
    """ "Ada, Lee and Sam"."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
