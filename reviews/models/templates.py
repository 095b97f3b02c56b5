"""Templates for the prose of a review: what its sections are called, ask for and begin with."""

from django.db import models
from django.db.models import Q

from reviews.models.document import SectionKind


class ReviewTemplate(models.Model):
    """A way of writing reviews, chosen when one begins; administrators add their organisation's own."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    about = models.CharField(max_length=300, blank=True, help_text="One line that helps to choose it.")
    position = models.PositiveIntegerField(default=0)
    is_offered = models.BooleanField(default=True, help_text="Shown when a review begins.")
    is_default = models.BooleanField(default=False, help_text="Chosen when a review begins, unless another one is.")
    is_builtin = models.BooleanField(default=False, editable=False, help_text="Came with Debrief; copied, not changed.")

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="template_has_name"),
            models.UniqueConstraint(fields=["is_default"], condition=Q(is_default=True), name="template_one_default"),
            models.CheckConstraint(
                condition=Q(is_default=False) | Q(is_offered=True), name="template_default_is_offered"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TemplateSection(models.Model):
    """What a template says about one section; sections that it leaves out keep their usual title and prompt."""

    template = models.ForeignKey(ReviewTemplate, on_delete=models.CASCADE, related_name="sections")
    kind = models.CharField(max_length=12, choices=SectionKind)
    title = models.CharField(max_length=80, blank=True, help_text="Empty: the usual title.")
    prompt = models.CharField(max_length=500, blank=True, help_text="Empty: the usual hint.")
    starter = models.TextField(blank=True, help_text="Markdown that the section begins with, such as headings.")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["template", "kind"], name="template_section_once"),
            models.CheckConstraint(condition=Q(kind__in=SectionKind.values), name="template_section_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.template}: {self.get_kind_display()}"
