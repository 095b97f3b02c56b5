from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("actions", "0004_words"),
        ("followup", "0003_reminders_outlast_deletions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="reminder",
            name="reminder_stage_known",
        ),
        migrations.AlterField(
            model_name="reminder",
            name="stage",
            field=models.CharField(
                choices=[
                    ("before", "Due soon"),
                    ("due", "Due"),
                    ("late", "Overdue"),
                    ("lead", "Overdue, told to the team lead"),
                    ("digest", "Weekly digest"),
                    ("held", "Done some weeks ago: did it hold?"),
                ],
                max_length=6,
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.CheckConstraint(
                condition=models.Q(("stage__in", ["before", "due", "late", "lead", "digest", "held"])),
                name="reminder_stage_known",
            ),
        ),
    ]
