"""What trends count, one narrow row for each published review."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from incidents.models import Incident


class Measured(models.Model):
    """What the latest published version of a review says in numbers; wiki.models.Listed holds its other facts.

    Lengths are seconds, None where one of the two ends is not known; timeline.milestones defines them.
    """

    incident = models.OneToOneField(Incident, on_delete=models.CASCADE, primary_key=True, related_name="measured")
    detected_by = models.CharField(max_length=10, blank=True)
    has_hour = models.BooleanField(default=True, help_text="Whether more than the day of its beginning is known.")
    detect = models.FloatField(null=True)
    respond = models.FloatField(null=True)
    mitigate = models.FloatField(null=True)
    resolve = models.FloatField(null=True)
    impact = models.FloatField(null=True, help_text="To the end of the impact: mitigated where no resolution is known.")
    root_cause_ids = ArrayField(models.BigIntegerField(), default=list)
    factor_cause_ids = ArrayField(models.BigIntegerField(), default=list)
    first_published_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "measured reviews"

    def __str__(self) -> str:
        return f"review {self.pk}"
