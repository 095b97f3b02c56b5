from django.db import migrations

from catalog.cause_categories import STARTING_CATEGORIES

NO_CYCLE = """
CREATE FUNCTION catalog_refuse_cause_cycle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        WITH RECURSIVE above AS (
            SELECT id, parent_id FROM catalog_causecategory WHERE id = NEW.parent_id
            UNION
            SELECT c.id, c.parent_id FROM catalog_causecategory c JOIN above ON c.id = above.parent_id
        ) SELECT 1 FROM above WHERE id = NEW.id
    ) THEN
        RAISE EXCEPTION 'a cause category cannot be placed below itself' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER catalog_cause_no_cycle BEFORE UPDATE OF parent_id ON catalog_causecategory
    FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION catalog_refuse_cause_cycle();
"""


def add_categories(apps, schema_editor):
    CauseCategory = apps.get_model("catalog", "CauseCategory")
    CauseCategory.objects.bulk_create(
        CauseCategory(slug=slug, name=name, about=about, position=position)
        for position, (slug, name, about) in enumerate(STARTING_CATEGORIES)
    )


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            NO_CYCLE,
            "DROP TRIGGER catalog_cause_no_cycle ON catalog_causecategory; DROP FUNCTION catalog_refuse_cause_cycle();",
        ),
        migrations.RunPython(add_categories, migrations.RunPython.noop),
    ]
