import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

# Rows are left as they are up to a page: a vector is looked into for every row that a search walks over, and one that
# is packed or lies elsewhere takes ten times as long.
INLINE = "ALTER TABLE wiki_searchentry SET (toast_tuple_target = 8160)"
PACKED = "ALTER TABLE wiki_searchentry RESET (toast_tuple_target)"

MOVE = """
SET CONSTRAINTS ALL IMMEDIATE;
INSERT INTO wiki_searchtext (entry_id, body) SELECT incident_id, body FROM wiki_searchentry;
"""
MOVE_BACK = """
SET CONSTRAINTS ALL IMMEDIATE;
UPDATE wiki_searchentry SET body = wiki_searchtext.body FROM wiki_searchtext WHERE entry_id = incident_id;
"""

# Whoever writes a row, and however an incident is changed: the copies are what the incident says.
COPY = """
CREATE FUNCTION wiki_copy_access() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT status, visibility INTO NEW.status, NEW.visibility FROM incidents_incident WHERE id = NEW.incident_id;
    RETURN NEW;
END $$;
CREATE FUNCTION wiki_spread_access() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE wiki_searchentry SET status = NEW.status, visibility = NEW.visibility WHERE incident_id = NEW.id;
    UPDATE wiki_listed SET status = NEW.status, visibility = NEW.visibility WHERE incident_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER searchentry_copies_access BEFORE INSERT OR UPDATE ON wiki_searchentry
    FOR EACH ROW EXECUTE FUNCTION wiki_copy_access();
CREATE TRIGGER listed_copies_access BEFORE INSERT OR UPDATE ON wiki_listed
    FOR EACH ROW EXECUTE FUNCTION wiki_copy_access();
CREATE TRIGGER incident_spreads_access AFTER UPDATE OF status, visibility ON incidents_incident
    FOR EACH ROW WHEN (OLD.status <> NEW.status OR OLD.visibility <> NEW.visibility)
    EXECUTE FUNCTION wiki_spread_access();

SET CONSTRAINTS ALL IMMEDIATE;
UPDATE wiki_searchentry SET vector = vector || '';
INSERT INTO wiki_listed (incident_id, occurred_at, severity, service_ids, cause_ids, names_as_roles, tags)
SELECT incident_id, occurred_at, severity, service_ids, cause_ids, names_as_roles, tags FROM wiki_searchentry;
"""
UNDO = """
DROP TRIGGER incident_spreads_access ON incidents_incident;
DROP TRIGGER listed_copies_access ON wiki_listed;
DROP TRIGGER searchentry_copies_access ON wiki_searchentry;
DROP FUNCTION wiki_spread_access();
DROP FUNCTION wiki_copy_access();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0007_deletion_of_perspectives"),
        ("wiki", "0004_similar"),
    ]

    operations = [
        migrations.RunSQL(INLINE, PACKED),
        migrations.CreateModel(
            name="SearchText",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="text",
                        serialize=False,
                        to="wiki.searchentry",
                    ),
                ),
                ("body", models.TextField()),
            ],
        ),
        migrations.RunSQL(MOVE, MOVE_BACK),
        migrations.RemoveField(model_name="searchentry", name="body"),
        migrations.AddField(
            model_name="searchentry",
            name="status",
            field=models.CharField(db_default="", editable=False, max_length=10),
        ),
        migrations.AddField(
            model_name="searchentry",
            name="visibility",
            field=models.CharField(db_default="", editable=False, max_length=10),
        ),
        migrations.CreateModel(
            name="Listed",
            fields=[
                ("occurred_at", models.DateTimeField()),
                ("severity", models.CharField(blank=True, max_length=4)),
                (
                    "service_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                (
                    "cause_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                (
                    "names_as_roles",
                    models.BooleanField(default=False, help_text="Whether that version writes people as roles."),
                ),
                (
                    "tags",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60),
                        help_text="As published, where people are written as roles.",
                        null=True,
                        size=None,
                    ),
                ),
                ("status", models.CharField(db_default="", editable=False, max_length=10)),
                ("visibility", models.CharField(db_default="", editable=False, max_length=10)),
                (
                    "incident",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="listed",
                        serialize=False,
                        to="incidents.incident",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "listed reviews",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["service_ids"], name="listed_services"),
                    django.contrib.postgres.indexes.GinIndex(fields=["cause_ids"], name="listed_causes"),
                    models.Index(fields=["-occurred_at", "-incident"], name="listed_newest"),
                    models.Index(fields=["severity", "-occurred_at", "-incident"], name="listed_severity"),
                ],
            },
        ),
        migrations.RunSQL(COPY, UNDO),
    ]
