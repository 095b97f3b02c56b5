"""Who is written as which role in the published versions of a review."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from reviews.models.document import Review


class RoleName(models.Model):
    """What readers of a version that writes people as roles read instead of one name.

    Whose name it is: a `person`, or somebody without an account, by `name` as the text has it.
    """

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="role_names")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    name = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=80, help_text="As it stands within a sentence: “the on-call engineer”.")
    everywhere = models.BooleanField(
        default=False, help_text="Also where the word could be another one, such as Will or May."
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(role=""), name="role_name_has_role"),
            models.CheckConstraint(
                condition=Q(person__isnull=False, name="") | (Q(person__isnull=True) & ~Q(name="")),
                name="role_name_of_person_or_name",
            ),
            models.UniqueConstraint(
                fields=["review", "person"], condition=Q(person__isnull=False), name="role_name_person_once"
            ),
            models.UniqueConstraint(
                "review", Lower("name"), condition=Q(person__isnull=True), name="role_name_name_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person or self.name}: {self.role}"
