"""People and their roles."""

from typing import Any

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Lower

from core.prepared import Prepared
from core.zones import validate_zone


class Role(models.TextChoices):
    """What a person may do in general; each role may do what the ones before it may."""

    READER = "reader", "Reader"
    AUTHOR = "author", "Author"
    TEAM_LEAD = "team-lead", "Team lead"
    FACILITATOR = "facilitator", "Facilitator"
    ADMINISTRATOR = "administrator", "Administrator"


class PersonManager(UserManager["Person"]):
    """Makes accounts; `createsuperuser` makes an administrator."""

    use_in_migrations = False

    def create_superuser(
        self, username: str, email: str | None = None, password: str | None = None, **extra_fields: Any
    ) -> "Person":
        """An account that may do everything, by Django's rights as well as by its role."""
        extra_fields.setdefault("role", Role.ADMINISTRATOR)
        return super().create_superuser(username, email, password, **extra_fields)

    def get(self, *conditions: Any, **named: Any) -> "Person":
        """As always; by key alone, which each request asks, with a query that is not built anew each time."""
        # The managers of relations inherit from this one, and look among fewer people.
        if type(self) is not PersonManager or conditions or [*named] != ["pk"] or not isinstance(named["pk"], int):
            return super().get(*conditions, **named)
        for row in PERSON_BY_KEY.rows(None, key=named["pk"]):
            return person_in(row)
        raise Person.DoesNotExist


class Person(AbstractUser):
    """Someone who signs in. Signed in as a role, shown by name."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=20, choices=Role, default=Role.AUTHOR)
    time_zone = models.CharField(
        max_length=60, default="UTC", validators=[validate_zone], help_text="IANA name, such as Europe/Berlin."
    )
    wants_mail = models.BooleanField("mails", default=True, help_text="A mail for each notification.")
    may_have_unread = True  # notifications; the query of each request knows better

    objects = PersonManager()  # type: ignore[misc]

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


_COLUMNS = [field.attname for field in Person._meta.concrete_fields]


def _by_key(shape: None, key: int) -> "QuerySet[Person, Any]":
    """The person, and whether anything unread is stored for them: most often not, which saves every page a query."""
    notifications = Person.notifications.rel.related_model._default_manager  # of a room above
    unread = Exists(notifications.filter(person=OuterRef("pk"), read_at=None))
    return Person.objects.filter(pk=key).annotate(unread=unread).values_list(*_COLUMNS, "unread")


PERSON_BY_KEY = Prepared(_by_key)


def person_in(row: tuple[Any, ...]) -> Person:
    """The person of a row of PERSON_BY_KEY."""
    found = Person.from_db("default", _COLUMNS, row[:-1])
    found.may_have_unread = row[-1]
    return found


class TokenScope(models.TextChoices):
    """What a program may do with a token: read, or change things as well."""

    READ = "read", "Read"
    WRITE = "write", "Read and write"


class ApiToken(models.Model):
    """A program's key to the API, acting as `person`. Only its digest is kept: the token itself is shown once."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80, blank=True)
    scope = models.CharField(max_length=5, choices=TokenScope, default=TokenScope.READ)
    digest = models.BinaryField(max_length=32, unique=True, help_text="SHA-256 of the token.")
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_on = models.DateField(null=True, editable=False)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=models.Q(scope__in=TokenScope.values), name="token_scope_known")
        ]

    def __str__(self) -> str:
        return self.name or f"token of {self.person}"


class FeedPurpose(models.TextChoices):
    """What a secret address tells: each has a salt of its own, so that one can be revoked and the others stay."""

    REVIEWS = "reviews", "Published reviews"
    CALENDARS = "calendars", "Due dates of action items"


class FeedKey(models.Model):
    """That somebody reads feeds: what their secret address is made of, together with the secret of the site."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=10, choices=FeedPurpose, default=FeedPurpose.REVIEWS)
    salt = models.CharField(max_length=32)
    made_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "purpose"], name="feed_key_once"),
            models.CheckConstraint(condition=models.Q(purpose__in=FeedPurpose.values), name="feed_key_purpose_known"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} for {self.person_id}"
