"""Comments beside a passage, an item or a whole part."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from reviews.models.document import Review


class Thread(models.Model):
    """A conversation about one place of a review.

    `place` is "section:summary", "factor:3", "why:7", "event:5", "action:2", or the name of a whole part ("timeline").
    For a passage, `start` and `end` are positions in the live text that move with the edits around them, and `quote`
    is the passage as it was when the thread began.
    """

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="threads")
    place = models.CharField(max_length=40)
    start = models.BinaryField(null=True)
    end = models.BinaryField(null=True)
    quote = models.TextField(blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(place=""), name="thread_has_place"),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, resolved_by__isnull=True)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False),
                name="thread_resolved_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"thread {self.pk} at {self.place}"


class Comment(models.Model):
    """One contribution to a thread: Markdown as typed, HTML as rendered when it was saved."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    html = models.TextField(editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="comment_has_text")]

    def __str__(self) -> str:
        return self.text[:80]
