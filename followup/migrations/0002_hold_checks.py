import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("actions", "0002_life"),
        ("followup", "0001_reminders"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HoldSetting",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ("weeks", models.PositiveSmallIntegerField(help_text="After completion.")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="hold_setting_once"),
                    models.CheckConstraint(
                        condition=models.Q(("weeks__gte", 1), ("weeks__lte", 52)), name="hold_setting_within_a_year"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HoldCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("done_at", models.DateTimeField()),
                (
                    "number",
                    models.PositiveSmallIntegerField(default=1, help_text="Counts the times that it was asked."),
                ),
                ("asked_at", models.DateTimeField()),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[("held", "Held"), ("recurred", "Recurred"), ("unknown", "Not known yet")],
                        max_length=8,
                    ),
                ),
                ("note", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "action",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="hold_checks",
                        to="actions.actionitem",
                    ),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["action", "done_at", "number"],
                "indexes": [
                    models.Index(condition=models.Q(("answer", "")), fields=["action"], name="hold_check_unanswered")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("action", "done_at", "number"), name="hold_check_once"),
                    models.CheckConstraint(
                        condition=models.Q(("answer__in", ["", "held", "recurred", "unknown"])),
                        name="hold_answer_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at", None), ("answered_by", None)),
                            models.Q(
                                models.Q(("answer", ""), _negated=True),
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="hold_answer_by_someone",
                    ),
                ],
            },
        ),
    ]
