"""Publishing a review: what is still missing, and freezing a version."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.access import Verb
from accounts.models import Person
from core import audit
from core.problems import Problems
from incidents.models import Incident, Status
from incidents.operations import locked_incident
from reviews.history import close_versions
from reviews.live.store import bring_into_rows
from reviews.models import Review, SectionKind, Version
from reviews.signals import version_published
from reviews.snapshot import snapshot_of
from timeline.models import EventKind


@dataclass(frozen=True)
class Missing:
    """Something that readers of a review expect and that is not there yet."""

    code: str
    message: str
    anchor: str
    blocking: bool = False


class CannotPublish(Exception):
    """The review lacks something that publishing requires; `missing` says what."""

    def __init__(self, missing: list[Missing]) -> None:
        super().__init__("; ".join(part.message for part in missing))
        self.missing = missing


def missing_parts(review: Review) -> list[Missing]:
    """What `review` lacks, in reading order. Only a missing summary blocks publishing. Five queries."""
    missing: list[Missing] = []
    summary = review.sections.filter(kind=SectionKind.SUMMARY).first()
    if summary is None or not summary.text.strip():
        missing.append(Missing("no-summary", "There is no summary.", "summary", blocking=True))
    if not review.incident.detected_at and not review.incident.events.filter(kind=EventKind.DETECTION).exists():
        missing.append(Missing("no-detection", "The timeline has no detection event.", "timeline"))
    factors = list(review.factors.prefetch_related("actions"))
    if not factors:
        missing.append(Missing("no-factor", "No contributing factor is named.", "factors"))
    missing.extend(
        Missing(
            "factor-without-action", f"No action removes the factor “{_short(factor.text)}”.", f"factor-{factor.pk}"
        )
        for factor in factors
        if not factor.actions.all()
    )
    for action in review.incident.actions.all():
        if action.is_finished:
            continue
        lacks = []
        if action.owner_id is None and not action.owner_as_written:
            lacks.append("owner")
        if action.due is None:
            lacks.append("due date")
        if lacks:
            message = f"The action “{_short(action.title)}” has no {' and no '.join(lacks)}."
            missing.append(Missing("action-without-" + lacks[0].replace(" ", "-"), message, f"action-{action.pk}"))
    return missing


@transaction.atomic
def publish_review(
    person: Person | None,
    review: Review,
    note: str = "",
    *,
    accept_missing: bool = False,
    published_at: datetime | None = None,
) -> Version:
    """Freeze `review` as its next version and make it findable; the incident becomes published.

    Imports publish texts as they are: as nobody (`person` None), with `accept_missing`. The demo has a past, so it
    gives `published_at`; otherwise it is now. Raises Http404 or PermissionDenied without access, ValidationError for a
    note that is too long, and CannotPublish when something blocking is missing.
    """
    if person is None:
        incident = Incident.objects.select_for_update().get(pk=review.pk)
    else:
        incident = locked_incident(person, Verb.PUBLISH, review.pk)
    review.incident = incident
    bring_into_rows(review.pk)
    problems = Problems()
    note = problems.line("note", note, longest=300)
    problems.refuse_any()
    if not accept_missing:
        blocking = [part for part in missing_parts(review) if part.blocking]
        if blocking:
            raise CannotPublish(blocking)
    latest = review.versions.order_by("-number").values_list("number", flat=True).first() or 0
    incident.status = Status.PUBLISHED
    incident.save(update_fields=["status"])
    version = Version.objects.create(
        review=review,
        number=latest + 1,
        document=snapshot_of(review),
        note=note,
        published_at=published_at or timezone.now(),
        published_by=person,
    )
    close_versions(review.pk)
    audit.record(person, "publish", f"review {incident.number}", f"version {version.number}")
    version_published.send(Version, version=version)
    return version


def _short(text: str) -> str:
    words = " ".join(text.split()).rstrip(".")
    return words if len(words) <= 60 else words[:59].rstrip() + "…"
