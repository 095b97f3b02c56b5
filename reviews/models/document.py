"""The review of an incident: prose sections, five whys, contributing factors, published versions."""

from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from accounts.access import VisibleQuerySet
from accounts.models import Role
from actions.models import ActionItem
from catalog.models import CauseCategory
from incidents.models import Incident


class SectionKind(models.TextChoices):
    """The prose parts of a review, in the order in which they are read."""

    SUMMARY = "summary", "Summary"
    IMPACT = "impact", "Impact"
    NARRATIVE = "narrative", "What happened"
    WENT_WELL = "went_well", "What went well"
    WENT_BADLY = "went_badly", "What went badly"
    LUCKY = "lucky", "Where we got lucky"
    LESSONS = "lessons", "Lessons"


class ReviewQuerySet(VisibleQuerySet["Review"]):
    """Reviews, filtered by the access rule of their incident."""

    incident_path = "incident"


class Review(models.Model):
    """What was learned from one incident. Its number, status and visibility are its incident's."""

    incident = models.OneToOneField(Incident, on_delete=models.CASCADE, primary_key=True, related_name="review")
    causes = models.ManyToManyField(CauseCategory, related_name="reviews", blank=True)
    authors_as_written = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    template = models.ForeignKey(
        "reviews.ReviewTemplate", on_delete=models.SET_NULL, null=True, blank=True, related_name="reviews"
    )
    names_as_roles = models.BooleanField(
        default=False, help_text="Whether the next published version writes people as roles."
    )

    objects = ReviewQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.incident)


class Section(models.Model):
    """One prose section: Markdown as typed, HTML as rendered when it was saved."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="sections")
    kind = models.CharField(max_length=12, choices=SectionKind)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True, editable=False)
    revision = models.PositiveIntegerField(default=1, help_text="Counts saves; a form with an older one is stale.")
    updated_at = models.DateTimeField(auto_now=True)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "kind"], name="section_once"),
            models.CheckConstraint(condition=Q(kind__in=SectionKind.values), name="section_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.review}: {self.get_kind_display()}"


class Why(models.Model):
    """A question and its answer; the answer's own questions stand below it."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="whys")
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="children")
    position = models.PositiveIntegerField(default=0)
    question = models.CharField(max_length=500)
    answer = models.TextField(blank=True)
    answer_html = models.TextField(blank=True, editable=False)
    is_root_cause = models.BooleanField(default=False)
    cause = models.ForeignKey(CauseCategory, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(question=""), name="why_has_question"),
            models.CheckConstraint(condition=Q(parent__isnull=True) | ~Q(parent=F("pk")), name="why_not_own_parent"),
        ]

    def __str__(self) -> str:
        return self.question


class Factor(models.Model):
    """A condition that made the incident possible, and the action items that remove it."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="factors")
    text = models.TextField()
    html = models.TextField(blank=True, editable=False)
    cause = models.ForeignKey(CauseCategory, on_delete=models.PROTECT, null=True, blank=True, related_name="factors")
    why = models.ForeignKey(Why, on_delete=models.SET_NULL, null=True, blank=True, related_name="factors")
    actions = models.ManyToManyField(ActionItem, related_name="factors", blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="factor_has_text")]

    def __str__(self) -> str:
        return self.text[:80]


class VersionQuerySet(VisibleQuerySet["Version"]):
    """Published versions, filtered by the access rule of their incident."""

    incident_path = "review__incident"

    def visible_to(self, person: Any) -> Self:
        """As the rule says; versions with names only for who takes part, once a later one writes people as roles
        (docs/decisions/0008-names-as-roles.md)."""
        seen = super().visible_to(person)
        if not person.is_authenticated or person.has_role(Role.ADMINISTRATOR):
            return seen
        later = Version.objects.filter(review=OuterRef("review"), number__gt=OuterRef("number"), names_as_roles=True)
        taking_part = Q(review__in=person.participations.values("incident"))
        return seen.filter(Q(names_as_roles=True) | taking_part | ~Exists(later))


class Version(models.Model):
    """A review as it was published, frozen: the database refuses to change or delete one (see the migration)."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.JSONField(help_text="The whole review as data; its shape is reviews.snapshot.")
    note = models.CharField(max_length=300, blank=True, help_text="What changed since the version before.")
    names_as_roles = models.BooleanField(default=False, help_text="Whether people are written as roles in it.")
    roles = models.JSONField(
        default=list,
        blank=True,
        help_text="Who is which role in it (reviews.naming): for what its page reads live, and never shown.",
    )
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["review", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="version_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="version_counts_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.review}, version {self.number}"


class ImportedSource(models.Model):
    """The file that a review was imported from, byte for byte."""

    review = models.OneToOneField(Review, on_delete=models.CASCADE, primary_key=True, related_name="source")
    file_name = models.CharField(max_length=300)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64, unique=True)
    problems = ArrayField(models.TextField(), default=list, blank=True)
    imported_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.file_name
