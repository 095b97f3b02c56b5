"""People and their roles."""

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models.functions import Lower

from core.zones import validate_zone


class Role(models.TextChoices):
    """What a person may do in general; each role may do what the ones before it may."""

    READER = "reader", "Reader"
    AUTHOR = "author", "Author"
    TEAM_LEAD = "team-lead", "Team lead"
    FACILITATOR = "facilitator", "Facilitator"
    ADMINISTRATOR = "administrator", "Administrator"


class Person(AbstractUser):
    """Someone who signs in. Signed in as a role, shown by name."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=20, choices=Role, default=Role.AUTHOR)
    time_zone = models.CharField(
        max_length=60, default="UTC", validators=[validate_zone], help_text="IANA name, such as Europe/Berlin."
    )

    objects = UserManager()  # type: ignore[misc]

    class Meta:
        verbose_name_plural = "people"
        ordering = ["name", "username"]
        constraints = [
            models.UniqueConstraint(Lower("username"), name="person_username_any_case"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="person_role_known"),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        """The name to show; Django's admin and mails ask for it."""
        return str(self)

    def has_role(self, least: Role) -> bool:
        """Whether this person's role is `least` or one above it."""
        order = Role.values
        return self.is_active and order.index(self.role) >= order.index(least)
