"""What happened again: a review that is told to be a recurrence of an earlier one."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from reviews.models.document import Review


class Recurrence(models.Model):
    """Someone who writes `review` confirmed that what happened in `earlier` happened again.

    It is about the incidents, so it belongs to no version: it shows at once on both published pages, to whoever may
    see both reviews.
    """

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="recurrences")
    earlier = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="recurred")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "earlier"], name="recurrence_once"),
            models.CheckConstraint(condition=~Q(review=F("earlier")), name="recurrence_of_another"),
        ]

    def __str__(self) -> str:
        return f"{self.review} recurs from {self.earlier}"
