"""What named reviewers say of a review before it is published."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from reviews.models.document import Review


class Verdict(models.TextChoices):
    """What a reviewer found."""

    APPROVED = "approved", "Approved"
    CHANGES = "changes", "Asked for changes"


class Approval(models.Model):
    """One reviewer's answer; without a verdict it is still awaited. Asking again clears the verdict."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="approvals")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="approvals")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    request = models.CharField(max_length=500, blank=True, help_text="What the reviewer is asked to look at.")
    verdict = models.CharField(max_length=10, choices=Verdict, blank=True)
    note = models.TextField(blank=True, help_text="What the reviewer says with the verdict.")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "person"], name="approval_once"),
            models.CheckConstraint(condition=Q(verdict__in=["", *Verdict.values]), name="approval_verdict_known"),
            models.CheckConstraint(
                condition=Q(verdict="", decided_at__isnull=True) | (~Q(verdict="") & Q(decided_at__isnull=False)),
                name="approval_decided_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_verdict_display() or 'awaited'}"
