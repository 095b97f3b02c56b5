"""What an organisation and its writers tell the checker: rules changed, words of their own, findings dismissed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import MD5

from reviews.models.document import Review


class Severity(models.TextChoices):
    """How much a finding matters. Whether it blocks publishing is said apart."""

    ERROR = "error", "Problem"
    WARNING = "warning", "Worth a look"
    ADVICE = "advice", "Advice"


class RuleSetting(models.Model):
    """What an administrator changed about a rule; a rule without one is as in reviews/checker/rules.yaml."""

    code = models.CharField(max_length=60, unique=True)
    is_on = models.BooleanField(default=True)
    severity = models.CharField(max_length=8, choices=Severity, blank=True, help_text="Empty: as it comes.")
    blocks = models.BooleanField(null=True, help_text="Whether it blocks publishing; unset: as it comes.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(severity__in=[*Severity.values, ""]), name="rule_severity_known")
        ]

    def __str__(self) -> str:
        return self.code


class CustomWord(models.Model):
    """Words that an organisation adds to a language rule, or, with `is_fine`, takes out of every one."""

    words = models.CharField(max_length=120, unique=True)
    code = models.CharField(max_length=60, blank=True, help_text="The language rule that finds them; empty when fine.")
    is_fine = models.BooleanField(default=False)
    suggestion = models.CharField(max_length=300, blank=True, help_text="A question that leads to the system.")

    class Meta:
        ordering = ["words"]
        constraints = [
            models.CheckConstraint(condition=~Q(words=""), name="custom_word_has_words"),
            models.CheckConstraint(
                condition=Q(is_fine=True, code="") | (Q(is_fine=False) & ~Q(code="")), name="custom_word_fine_or_rule"
            ),
        ]

    def __str__(self) -> str:
        return self.words


class Dismissal(models.Model):
    """A finding that its writers looked at and left, with the reason.

    `place` is a finding's `where`; `words` are the exact words that it points at with their whitespace folded, empty
    where it is about the whole place. It holds as long as the same words stand at that place.
    """

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="dismissals")
    rule = models.CharField(max_length=60)
    place = models.CharField(max_length=60)
    words = models.TextField(blank=True)
    reason = models.TextField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint("review", "rule", "place", MD5("words"), name="dismissal_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="dismissal_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} at {self.place}"
