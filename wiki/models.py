"""The search index: one entry for each published review, how common each term is, and which reviews are alike."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from accounts.access import VisibleQuerySet
from incidents.models import Incident


class SearchEntryQuerySet(VisibleQuerySet["SearchEntry"]):
    """Entries, filtered by the access rule of their incident."""

    incident_path = "incident"


class SearchEntry(models.Model):
    """What the latest published version of a review says, ready to be found.

    Services, causes and severity stand here as published; access, tags and actions are read where they live. Where
    people are written as roles, tags stand here as well, since a live one could be a name.
    """

    incident = models.OneToOneField(Incident, on_delete=models.CASCADE, primary_key=True, related_name="search_entry")
    vector = SearchVectorField(help_text="Title A, summary and services B, factors C, the rest D.")
    occurred_at = models.DateTimeField()
    published_at = models.DateTimeField()
    severity = models.CharField(max_length=4, blank=True)
    service_ids = ArrayField(models.BigIntegerField(), default=list)
    cause_ids = ArrayField(models.BigIntegerField(), default=list)
    duration = models.DurationField(null=True)
    title = models.CharField(max_length=200)
    summary = models.TextField(help_text="Plain text of the summary, for the row when nothing is searched for.")
    body = models.TextField(help_text="Plain text of everything, for snippets.")
    names_as_roles = models.BooleanField(default=False, help_text="Whether that version writes people as roles.")
    tags = ArrayField(
        models.CharField(max_length=60), null=True, help_text="As published, where people are written as roles."
    )

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "search entries"
        indexes = [
            GinIndex(fields=["vector"], name="search_vector"),
            GinIndex(fields=["service_ids"], name="search_services"),
            GinIndex(fields=["cause_ids"], name="search_causes"),
            models.Index(fields=["-occurred_at", "-incident"], name="search_newest"),
            models.Index(fields=["severity", "-occurred_at", "-incident"], name="search_severity"),
        ]

    def __str__(self) -> str:
        return self.title


class TermCount(models.Model):
    """In how many published reviews a term stands: a word as the index has it, a service, a cause or a severity.

    Counted among the reviews that everyone may read; the term "" counts all of these.
    """

    term = models.TextField(primary_key=True)
    reviews = models.IntegerField()

    def __str__(self) -> str:
        return self.term


class LikenessQuerySet(VisibleQuerySet["Likeness"]):
    """Pairs, filtered by the access rule of the other review."""

    incident_path = "other"


class Likeness(models.Model):
    """That a published review is like another one; each pair stands here both ways round."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="likenesses")
    other = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    score = models.FloatField(help_text="How alike, 1 for the same text.")

    objects = LikenessQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "likenesses"
        indexes = [models.Index(fields=["incident", "-score"], name="likeness_nearest")]
        constraints = [models.UniqueConstraint(fields=["incident", "other"], name="likeness_once")]

    def __str__(self) -> str:
        return f"{self.incident_id} like {self.other_id}"
