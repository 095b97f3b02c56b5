"""What the answer to a why rests on."""

from django.db import models
from django.db.models import Q

from reviews.models.document import Why
from timeline.models import Event


class Evidence(models.Model):
    """A timeline event of the same incident, or a link, that the answer to a why cites."""

    why = models.ForeignKey(Why, on_delete=models.CASCADE, related_name="evidence")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, null=True, blank=True, related_name="cited_by")
    url = models.URLField(max_length=500, blank=True)
    label = models.CharField(max_length=200, blank=True, help_text="What the link shows, in a few words.")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(event__isnull=False, url="") | (Q(event__isnull=True) & ~Q(url="")),
                name="evidence_event_or_link",
            ),
            models.UniqueConstraint(
                fields=["why", "event"], condition=Q(event__isnull=False), name="evidence_event_once"
            ),
            models.UniqueConstraint(fields=["why", "url"], condition=~Q(url=""), name="evidence_link_once"),
        ]

    def __str__(self) -> str:
        return self.label or self.url or str(self.event)
