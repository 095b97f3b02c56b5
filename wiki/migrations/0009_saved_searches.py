import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_api_token"),
        ("incidents", "0008_deletion_of_attachments"),
        ("wiki", "0008_likeness_without_constraints"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FeedKey",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("salt", models.CharField(max_length=32)),
                ("made_at", models.DateTimeField(auto_now=True)),
            ],
        ),
        migrations.CreateModel(
            name="RecentSearch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=300)),
                ("at", models.DateTimeField()),
            ],
            options={
                "verbose_name_plural": "recent searches",
            },
        ),
        migrations.CreateModel(
            name="SavedSearch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                ("text", models.CharField(max_length=2000)),
                (
                    "mails",
                    models.BooleanField(default=False, help_text="A mail a day at most for what is newly published."),
                ),
                ("told_until", models.DateTimeField(help_text="What was published until then needs no mail any more.")),
                ("mailed_at", models.DateTimeField(editable=False, null=True)),
            ],
            options={
                "verbose_name_plural": "saved searches",
            },
        ),
        migrations.AddIndex(
            model_name="searchentry",
            index=models.Index(fields=["published_at"], name="search_published"),
        ),
        migrations.AddField(
            model_name="recentsearch",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="savedsearch",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="recentsearch",
            constraint=models.UniqueConstraint(fields=("person", "text"), name="recent_search_once"),
        ),
        migrations.AddConstraint(
            model_name="savedsearch",
            constraint=models.UniqueConstraint(
                models.F("person"), django.db.models.functions.text.Lower("name"), name="saved_search_name_any_case"
            ),
        ),
        migrations.AddConstraint(
            model_name="savedsearch",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="saved_search_has_name"
            ),
        ),
    ]
