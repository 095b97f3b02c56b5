"""The history of every text."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from reviews.models.document import Review


class Origin(models.TextChoices):
    """How a version of a text came about."""

    TYPED = "typed", "Written"
    RESTORED = "restored", "Restored"
    IMPORTED = "imported", "Imported"


class TextVersion(models.Model):
    """One text of a review as it stood when its writers paused; `place` is a place of reviews.live.places."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="text_versions")
    place = models.CharField(max_length=40)
    text = models.TextField(blank=True)
    people = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True)
    began_at = models.DateTimeField(help_text="When the writing of this version began.")
    saved_at = models.DateTimeField(help_text="When its last change was stored.")
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.TYPED)
    is_closed = models.BooleanField(default=False, help_text="Whatever follows is another version.")

    class Meta:
        ordering = ["-saved_at", "-pk"]
        indexes = [models.Index(fields=["review", "place", "-saved_at", "-id"], name="text_version_newest")]
        constraints = [models.CheckConstraint(condition=Q(origin__in=Origin.values), name="text_version_origin_known")]

    def __str__(self) -> str:
        return f"{self.place} of {self.review_id} at {self.saved_at:%Y-%m-%d %H:%M}"
