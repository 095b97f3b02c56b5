import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

# Whoever renames something, and in whatever way: its address of before leads on.
KEEP = """
CREATE FUNCTION catalog_keep_former_slug() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('DELETE FROM %%I WHERE slug = $1 AND %%I = $2', TG_ARGV[0], TG_ARGV[1]) USING NEW.slug, NEW.id;
    EXECUTE format(
        'INSERT INTO %%I (slug, %%I) VALUES ($1, $2) ON CONFLICT (slug) DO UPDATE SET %%I = EXCLUDED.%%I, since = now()',
        TG_ARGV[0], TG_ARGV[1], TG_ARGV[1], TG_ARGV[1]
    ) USING OLD.slug, NEW.id;
    RETURN NEW;
END $$;
""".replace("%%", "%")

TRIGGERS = "".join(
    f"""
CREATE TRIGGER catalog_{kind}_former_slug AFTER UPDATE OF slug ON catalog_{table}
    FOR EACH ROW WHEN (OLD.slug <> NEW.slug)
    EXECUTE FUNCTION catalog_keep_former_slug('catalog_former{kind}slug', '{kind}_id');
"""
    for kind, table in [("service", "service"), ("cause", "causecategory"), ("team", "team")]
)

UNDO = """
DROP TRIGGER catalog_service_former_slug ON catalog_service;
DROP TRIGGER catalog_cause_former_slug ON catalog_causecategory;
DROP TRIGGER catalog_team_former_slug ON catalog_team;
DROP FUNCTION catalog_keep_former_slug();
"""


def former(name, field, to):
    return migrations.CreateModel(
        name=name,
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("slug", models.SlugField(max_length=80, unique=True)),
            ("since", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
            (
                field,
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="former_slugs", to=f"catalog.{to}"
                ),
            ),
        ],
        options={"abstract": False},
    )


class Migration(migrations.Migration):
    dependencies = [("catalog", "0002_starting_categories")]

    operations = [
        former("FormerServiceSlug", "service", "service"),
        former("FormerCauseSlug", "cause", "causecategory"),
        former("FormerTeamSlug", "team", "team"),
        migrations.RunSQL([KEEP, TRIGGERS], UNDO),
    ]
