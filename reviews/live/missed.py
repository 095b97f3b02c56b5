"""What an editor page has not been told: for one that was hidden, or whose stream of events does not come through."""

from dataclasses import replace

from django.db.models import Max, QuerySet

from core.models import AuditEntry
from reviews.live.notices import Notice, notice_of_audit
from reviews.models import LiveDocument

MOST = 50  # changes; whoever missed more is shown the whole page anew


def newest_change(number: int) -> int:
    """The key of the newest audit entry about the incident; 0 where there is none."""
    return _entries(number).aggregate(newest=Max("pk"))["newest"] or 0


def texts_up_to(review_pk: int) -> int:
    """Up to which edit the rows hold what is written together; it grows whenever a text does change."""
    return LiveDocument.objects.filter(pk=review_pk).values_list("projected_to", flat=True).first() or 0


def changes_since(number: int, since: int) -> list[Notice]:
    """What the page would have been told after the audit entry `since`, oldest first. One query."""
    entries = list(_entries(number).filter(pk__gt=since).select_related("person").order_by("pk")[: MOST + 1])
    if len(entries) > MOST:
        return [Notice(["page"], number=number, id=newest_change(number))]
    found = []
    for entry in entries:
        said = {"id": entry.pk, "verb": entry.verb, "subject": entry.subject, "detail": entry.detail}
        if notice := notice_of_audit({**said, "person": entry.person_id}):
            found.append(replace(notice, by=str(entry.person or "")))
    return found


def _entries(number: int) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(subject__in=[f"incident {number}", f"review {number}"])
