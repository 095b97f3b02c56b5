from django.db import migrations


class Migration(migrations.Migration):
    """The keys of secret addresses move to accounts, where the calendars of due dates have them as well."""

    dependencies = [
        ("accounts", "0005_feed_key"),
        ("wiki", "0011_disguised_bodies"),
    ]

    operations = [
        migrations.RunSQL(
            "INSERT INTO accounts_feedkey (person_id, purpose, salt, made_at)"
            " SELECT person_id, 'reviews', salt, made_at FROM wiki_feedkey",
            migrations.RunSQL.noop,
        ),
        migrations.DeleteModel(name="FeedKey"),
    ]
