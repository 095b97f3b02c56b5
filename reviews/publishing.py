"""Publishing a review: freezing a version, unless the checker found something that is in the way."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.access import Verb
from accounts.models import Person
from core import audit
from core.problems import Problems
from incidents.models import Incident, Status
from incidents.operations import locked_incident
from reviews.checker.check import check_review
from reviews.checker.findings import Finding
from reviews.history import close_versions
from reviews.live.store import bring_into_rows
from reviews.models import Review, Version
from reviews.naming.next_version import next_version_of
from reviews.naming.operations import keep_roles
from reviews.signals import version_published


class CannotPublish(Exception):
    """The checker found something that keeps the review from being published; `findings` say what."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("; ".join(finding.message for finding in findings))
        self.findings = findings


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
    note that is too long, and CannotPublish when findings block it.
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
        blockers = check_review(review).blockers
        if blockers:
            raise CannotPublish(blockers)
    review.refresh_from_db(fields=["names_as_roles"])
    review.incident = incident  # which the refresh forgot, as it is the key
    frozen = next_version_of(review)
    if frozen.naming:
        note = frozen.naming.written(note)[:300]
        keep_roles(review, frozen.rows)
    latest = review.versions.order_by("-number").values_list("number", flat=True).first() or 0
    incident.status = Status.PUBLISHED
    incident.save(update_fields=["status"])
    version = Version.objects.create(
        review=review,
        number=latest + 1,
        document=frozen.document,
        note=note,
        names_as_roles=review.names_as_roles,
        roles=frozen.naming.as_frozen() if frozen.naming else [],
        published_at=published_at or timezone.now(),
        published_by=person,
    )
    close_versions(review.pk)
    audit.record(person, "publish", f"review {incident.number}", f"version {version.number}")
    version_published.send(Version, version=version)
    return version
