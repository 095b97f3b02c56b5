import django.contrib.postgres.functions
from django.db import migrations, models

# A row of its own for each change, so that nobody waits for anybody; each change takes away those before it that nobody
# else is taking away. The set of keys is never the same again once anything has changed.
NOTE = """
CREATE FUNCTION wiki_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM wiki_change WHERE key IN (SELECT key FROM wiki_change FOR UPDATE SKIP LOCKED);
    INSERT INTO wiki_change (key) VALUES (gen_random_uuid());
    RETURN NULL;
END $$;
"""
ON_EACH = """
CREATE TRIGGER {table}_notes_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION wiki_note_change();
"""
TABLES = ("wiki_searchentry", "wiki_searchtext", "wiki_listed")


class Migration(migrations.Migration):
    dependencies = [("wiki", "0012_feed_keys_move")]

    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                (
                    "key",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(),
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                )
            ],
        ),
        migrations.RunSQL(
            NOTE + "".join(ON_EACH.format(table=table) for table in TABLES),
            "".join(f"DROP TRIGGER {table}_notes_change ON {table};" for table in TABLES)
            + "DROP FUNCTION wiki_note_change();",
        ),
    ]
