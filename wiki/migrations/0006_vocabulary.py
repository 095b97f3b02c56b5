import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0007_deletion_of_perspectives"),
        ("wiki", "0005_facts_apart"),
    ]

    operations = [
        migrations.CreateModel(
            name="Word",
            fields=[
                ("word", models.TextField(primary_key=True, serialize=False)),
                (
                    "reviews",
                    models.IntegerField(
                        help_text="How many reviews that everyone may read have it; of very many, a part."
                    ),
                ),
                (
                    "keys",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(),
                        help_text="The word, and what is left of it without each of its letters.",
                        size=None,
                    ),
                ),
                (
                    "witness",
                    models.ForeignKey(
                        help_text="A review in which it stands.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="incidents.incident",
                    ),
                ),
            ],
            options={
                "indexes": [django.contrib.postgres.indexes.GinIndex(fields=["keys"], name="word_keys")],
            },
        ),
    ]
