from django.db import migrations

# Pages that show an incident follow its changes: every change is audited, so every audit entry is announced.
ANNOUNCE = """
CREATE FUNCTION core_announce_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('debrief_audit', json_build_object(
        'id', NEW.id, 'verb', NEW.verb, 'subject', NEW.subject, 'detail', left(NEW.detail, 200),
        'person', NEW.person_id
    )::text);
    RETURN NULL;
END $$;
CREATE TRIGGER core_auditentry_announced AFTER INSERT ON core_auditentry
    FOR EACH ROW EXECUTE FUNCTION core_announce_audit();
"""
UNDO = "DROP TRIGGER core_auditentry_announced ON core_auditentry; DROP FUNCTION core_announce_audit();"


class Migration(migrations.Migration):
    dependencies = [("core", "0004_cache")]

    operations = [migrations.RunSQL(ANNOUNCE, UNDO)]
