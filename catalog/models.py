"""Teams, services and cause categories."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now
from django.urls import reverse


class Team(models.Model):
    """A group of people that owns services and action items."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    about = models.TextField(blank=True)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, through="Membership", related_name="teams")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The team's page."""
        return reverse("team", args=[self.slug])


class Membership(models.Model):
    """A person in a team, possibly as its lead."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    is_lead = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "person"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.person} in {self.team}"


class Service(models.Model):
    """Something that runs and that people depend on."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    about = models.TextField(blank=True)
    owner = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, blank=True, related_name="services")

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("name"), name="service_name_any_case")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The service's page."""
        return reverse("service", args=[self.slug])


class ServiceAlias(models.Model):
    """Another name by which people call a service; belongs to one service only, in any case."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=120)

    class Meta:
        verbose_name_plural = "service aliases"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("name"), name="service_alias_any_case")]

    def __str__(self) -> str:
        return self.name


class CauseCategory(models.Model):
    """A kind of condition that lets incidents happen; a tree."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    about = models.TextField(blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "cause categories"
        ordering = ["position", "name"]
        constraints = [
            models.CheckConstraint(condition=Q(parent__isnull=True) | ~Q(parent=F("pk")), name="cause_not_own_parent")
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The category's page."""
        return reverse("cause", args=[self.slug])

    def clean(self) -> None:
        """A category cannot stand below itself; the database holds the same rule in a trigger."""
        above = self.parent
        while above is not None:
            if above.pk == self.pk:
                raise ValidationError({"parent": "A category cannot be placed below itself."})
            above = above.parent


class FormerSlug(models.Model):
    """A slug that something had before it was renamed: its address leads on for ever.

    The database keeps one with each change of a slug, whoever makes it (see the migration). What bears the slug at
    present comes first; of several that bore it, the last one counts.
    """

    slug = models.SlugField(max_length=80, unique=True)
    since = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.slug


class FormerServiceSlug(FormerSlug):
    """How a service was called in addresses."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="former_slugs")


class FormerCauseSlug(FormerSlug):
    """How a cause category was called in addresses."""

    cause = models.ForeignKey(CauseCategory, on_delete=models.CASCADE, related_name="former_slugs")


class FormerTeamSlug(FormerSlug):
    """How a team was called in addresses."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="former_slugs")


class Merged(models.Model):
    """That something was merged into another: published versions, which stay as they are, still name its key."""

    was = models.BigIntegerField(primary_key=True, help_text="The key that it had.")
    name = models.CharField(max_length=120)
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class MergedService(Merged):
    """A service that is part of another one now."""

    into = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="merged")


class MergedCause(Merged):
    """A cause category that is part of another one now."""

    into = models.ForeignKey(CauseCategory, on_delete=models.CASCADE, related_name="merged")
