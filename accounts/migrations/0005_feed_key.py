import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_api_token"),
    ]

    operations = [
        migrations.CreateModel(
            name="FeedKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "purpose",
                    models.CharField(
                        choices=[("reviews", "Published reviews"), ("calendars", "Due dates of action items")],
                        default="reviews",
                        max_length=10,
                    ),
                ),
                ("salt", models.CharField(max_length=32)),
                ("made_at", models.DateTimeField(auto_now=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("person", "purpose"), name="feed_key_once"),
                    models.CheckConstraint(
                        condition=models.Q(("purpose__in", ["reviews", "calendars"])), name="feed_key_purpose_known"
                    ),
                ],
            },
        ),
    ]
