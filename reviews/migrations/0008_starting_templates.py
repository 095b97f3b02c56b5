from django.db import migrations, models
from django.db.models import Q

from reviews.starting_templates import DEFAULT, STARTING_TEMPLATES


def add_templates(apps, schema_editor):
    ReviewTemplate = apps.get_model("reviews", "ReviewTemplate")
    TemplateSection = apps.get_model("reviews", "TemplateSection")
    for position, one in enumerate(STARTING_TEMPLATES):
        template = ReviewTemplate.objects.create(
            slug=one.slug,
            name=one.name,
            about=one.about,
            position=position,
            is_builtin=True,
            is_default=one.slug == DEFAULT,
        )
        TemplateSection.objects.bulk_create(
            TemplateSection(
                template=template, kind=part.kind, title=part.title, prompt=part.prompt, starter=part.starter
            )
            for part in one.sections
        )


def remove_templates(apps, schema_editor):
    apps.get_model("reviews", "ReviewTemplate").objects.filter(is_builtin=True).delete()


class Migration(migrations.Migration):
    dependencies = [("reviews", "0007_attachment_is_published")]

    operations = [
        migrations.AddField(
            "reviewtemplate",
            "is_default",
            models.BooleanField(default=False, help_text="Chosen when a review begins, unless another one is."),
        ),
        migrations.AddField(
            "reviewtemplate",
            "is_builtin",
            models.BooleanField(default=False, editable=False, help_text="Came with Debrief; copied, not changed."),
        ),
        migrations.AddConstraint(
            "reviewtemplate",
            models.UniqueConstraint(fields=["is_default"], condition=Q(is_default=True), name="template_one_default"),
        ),
        migrations.AddConstraint(
            "reviewtemplate",
            models.CheckConstraint(
                condition=Q(is_default=False) | Q(is_offered=True), name="template_default_is_offered"
            ),
        ),
        migrations.RunPython(add_templates, remove_templates),
    ]
