from django.db import migrations, models

# Whoever writes a version, the attachments that it mentions become readable with it, in the same transaction.
PUBLISH = """
CREATE FUNCTION reviews_publish_attachments() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE reviews_attachment SET is_published = true
    WHERE review_id = NEW.review_id AND NOT is_published
        AND position('/attachments/' || id::text || '/' IN NEW.document::text) > 0;
    RETURN NULL;
END $$;
CREATE TRIGGER version_publishes_attachments AFTER INSERT ON reviews_version
    FOR EACH ROW EXECUTE FUNCTION reviews_publish_attachments();
"""
UNDO = """
DROP TRIGGER version_publishes_attachments ON reviews_version;
DROP FUNCTION reviews_publish_attachments();
"""


class Migration(migrations.Migration):
    dependencies = [("reviews", "0006_text_version_closes")]

    operations = [
        migrations.AddField(
            model_name="attachment",
            name="is_published",
            field=models.BooleanField(
                default=False,
                editable=False,
                help_text="A published version mentions it. The database sets it with the version (see the migration).",
            ),
        ),
        migrations.AlterField(
            model_name="attachment",
            name="name",
            field=models.CharField(
                help_text="As the uploader's device called it, made harmless.", max_length=200
            ),
        ),
        migrations.RunSQL(PUBLISH, UNDO),
    ]
