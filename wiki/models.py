"""The search index: one entry for each published review, how common each term is, and which reviews are alike."""

from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from accounts.access import VisibleQuerySet, visible_condition
from incidents.models import Incident


class FactsQuerySet(VisibleQuerySet[Any]):
    """What is published, filtered by the access rule, which finds the facts it asks for in the rows themselves."""

    incident_path = "incident"

    def visible_to(self, person: Any) -> Self:
        """Only the rows that `person` may see; no other table is read for what everyone may see."""
        return self.filter(visible_condition(person, self.incident_path, facts_path=""))


class Facts(models.Model):
    """What searches and lists ask of a published review, as its latest version says.

    Status and visibility are the incident's own: the database copies them with each change (see the migration). Tags
    and actions are read where they live. Where people are written as roles, tags stand here as well, since a live one
    could be a name.
    """

    occurred_at = models.DateTimeField()
    severity = models.CharField(max_length=4, blank=True)
    service_ids = ArrayField(models.BigIntegerField(), default=list)
    cause_ids = ArrayField(models.BigIntegerField(), default=list)
    names_as_roles = models.BooleanField(default=False, help_text="Whether that version writes people as roles.")
    tags = ArrayField(
        models.CharField(max_length=60), null=True, help_text="As published, where people are written as roles."
    )
    status = models.CharField(max_length=10, editable=False, db_default="")
    visibility = models.CharField(max_length=10, editable=False, db_default="")

    class Meta:
        abstract = True


class Listed(Facts):
    """The facts alone, for queries without words: a search entry is twenty times as large, and its pages as many."""

    incident = models.OneToOneField(Incident, on_delete=models.CASCADE, primary_key=True, related_name="listed")

    objects = FactsQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "listed reviews"
        indexes = [
            GinIndex(fields=["service_ids"], name="listed_services"),
            GinIndex(fields=["cause_ids"], name="listed_causes"),
            models.Index(fields=["-occurred_at", "-incident"], name="listed_newest"),
            models.Index(fields=["severity", "-occurred_at", "-incident"], name="listed_severity"),
        ]

    def __str__(self) -> str:
        return f"review {self.pk}"


class SearchEntry(Facts):
    """What the latest published version of a review says, ready to be found, and what a row of a list shows."""

    incident = models.OneToOneField(Incident, on_delete=models.CASCADE, primary_key=True, related_name="search_entry")
    vector = SearchVectorField(help_text="Title A, summary and services B, factors C, the rest D.")
    published_at = models.DateTimeField()
    duration = models.DurationField(null=True)
    title = models.CharField(max_length=200)
    summary = models.TextField(help_text="Plain text of the summary, for the row when nothing is searched for.")

    objects = FactsQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "search entries"
        indexes = [
            GinIndex(fields=["vector"], name="search_vector"),
            GinIndex(fields=["service_ids"], name="search_services"),
            GinIndex(fields=["cause_ids"], name="search_causes"),
            models.Index(fields=["-occurred_at", "-incident"], name="search_newest"),
            models.Index(fields=["severity", "-occurred_at", "-incident"], name="search_severity"),
            models.Index(fields=["published_at"], name="search_published"),
        ]

    def __str__(self) -> str:
        return self.title


class SearchText(models.Model):
    """Plain text of everything that a search entry's version says, for the few entries whose text is shown or read.

    Its signs are `disguised` (wiki.searchable), which costs as much as finding the place of a snippet.
    """

    entry = models.OneToOneField(SearchEntry, on_delete=models.CASCADE, primary_key=True, related_name="text")
    body = models.TextField()

    def __str__(self) -> str:
        return self.body[:80]


class Change(models.Model):
    """That something of the tables above has changed: the database keeps a few rows of this, and no set of them ever
    comes again (see the migration). So what was read from those tables is true as long as the set is the same.
    """

    key = models.UUIDField(primary_key=True, db_default=RandomUUID(), editable=False)

    def __str__(self) -> str:
        return str(self.key)


class TermCount(models.Model):
    """In how many published reviews a term stands: a word as the index has it, a service, a cause or a severity.

    Counted among the reviews that everyone may read; the term "" counts all of these.
    """

    term = models.TextField(primary_key=True)
    reviews = models.IntegerField()

    def __str__(self) -> str:
        return self.term


class WordQuerySet(VisibleQuerySet["Word"]):
    """Words, filtered by the access rule of their witness; a name of the catalogue needs none."""

    incident_path = "witness"

    def visible_to(self, person: Any) -> Self:
        """Only the words that `person` may know of."""
        if not person.is_authenticated or not person.is_active:
            return self.none()
        return self.filter(Q(witness=None) | visible_condition(person, self.incident_path))


class Word(models.Model):
    """A word of a published review, or a name of the catalogue, as people write it in lower case: wiki.vocabulary."""

    word = models.TextField(primary_key=True)
    reviews = models.IntegerField(help_text="How many reviews that everyone may read have it; of very many, a part.")
    witness = models.ForeignKey(
        Incident, on_delete=models.CASCADE, null=True, related_name="+", help_text="A review in which it stands."
    )
    keys = ArrayField(models.TextField(), help_text="The word, and what is left of it without each of its letters.")

    objects = WordQuerySet.as_manager()

    class Meta:
        indexes = [GinIndex(fields=["keys"], name="word_keys")]

    def __str__(self) -> str:
        return self.word


class LikenessQuerySet(VisibleQuerySet["Likeness"]):
    """Pairs, filtered by the access rule of the other review."""

    incident_path = "other"


class Likeness(models.Model):
    """That a published review is like another one; each pair stands here both ways round.

    Without constraints in the database: checking them waits for whoever is publishing the other review, who may be
    waiting to write pairs.
    """

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="likenesses", db_constraint=False)
    other = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    score = models.FloatField(help_text="How alike, 1 for the same text.")

    objects = LikenessQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "likenesses"
        indexes = [models.Index(fields=["incident", "-score"], name="likeness_nearest")]
        constraints = [models.UniqueConstraint(fields=["incident", "other"], name="likeness_once")]

    def __str__(self) -> str:
        return f"{self.incident_id} like {self.other_id}"


class ReplayNote(models.Model):
    """What somebody would have looked at, noted in the replay of a published incident; for them alone to read.

    `event` is the key of an event as the published version holds it: the note stays when the event is deleted.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    event = models.BigIntegerField()
    text = models.TextField()
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "incident", "event"], name="replay_note_once"),
            models.CheckConstraint(condition=~Q(text=""), name="replay_note_has_text"),
        ]

    def __str__(self) -> str:
        return f"note at event {self.event}"


class RecentSearch(models.Model):
    """What somebody searched for, for them alone to see; the newest few are kept."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    text = models.CharField(max_length=300)
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "recent searches"
        constraints = [models.UniqueConstraint(fields=["person", "text"], name="recent_search_once")]

    def __str__(self) -> str:
        return self.text


class SavedSearch(models.Model):
    """A search that somebody keeps under a name, for them alone to see."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    text = models.CharField(max_length=2000)
    mails = models.BooleanField(default=False, help_text="A mail a day at most for what is newly published.")
    told_until = models.DateTimeField(help_text="What was published until then needs no mail any more.")
    mailed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name_plural = "saved searches"
        constraints = [
            models.UniqueConstraint("person", Lower("name"), name="saved_search_name_any_case"),
            models.CheckConstraint(condition=~Q(name=""), name="saved_search_has_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Reading(models.Model):
    """That somebody read a published review, once for each person and review; `on` is the day of the first time."""

    pk = models.CompositePrimaryKey("person", "incident")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="readings")
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="readings")
    on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["on"], name="reading_on")]

    def __str__(self) -> str:
        return f"{self.person_id} read {self.incident_id}"


class QuietReader(models.Model):
    """Somebody who is counted among readers but not named."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", primary_key=True
    )

    def __str__(self) -> str:
        return f"quiet reader {self.person_id}"


class ReadingSetting(models.Model):
    """What an administrator decided about readers; without a row they are named. There is one row at most."""

    only = models.BooleanField(primary_key=True, default=True, editable=False)
    names_readers = models.BooleanField(default=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(only=True), name="reading_setting_only_one")]

    def __str__(self) -> str:
        return "readers are named" if self.names_readers else "readers are counted"
