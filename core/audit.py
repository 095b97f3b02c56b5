"""Writing the audit trail."""

from typing import Any

from core.models import AuditEntry


def record(person: Any, verb: str, subject: str, detail: str = "") -> AuditEntry:
    """Note that `person` (None for the system itself) did `verb` to `subject`, in the caller's transaction."""
    return AuditEntry.objects.create(person=person, verb=verb, subject=subject, detail=detail[:2000])
