"""The audit trail: who changed what, when. Written by operations, read by administrators."""

from django.conf import settings
from django.db import models


class AuditEntry(models.Model):
    """One change, as its verb and the thing it changed. Never updated, never deleted (see the migration)."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="audit_entries"
    )
    verb = models.CharField(max_length=60)
    subject = models.CharField(max_length=80, help_text='Kind and key of what was changed, such as "incident 12".')
    detail = models.TextField(blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name_plural = "audit entries"
        indexes = [models.Index(fields=["subject", "-at"], name="audit_of_subject")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.person} {self.verb} {self.subject}"


class JobProblem(models.Model):
    """Why a job of the worker last failed, by the job's key: the queue itself keeps no reason."""

    job = models.BigIntegerField(primary_key=True)
    text = models.CharField(max_length=600)
    at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.text
