from django.db import migrations

# A socket closes when access ends: live processes look again whenever one of these tables changes.
ANNOUNCE = """
CREATE FUNCTION reviews_announce_access() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('debrief_access', '');
    RETURN NULL;
END $$;
CREATE TRIGGER session_ended_announced AFTER DELETE ON django_session
    FOR EACH STATEMENT EXECUTE FUNCTION reviews_announce_access();
CREATE TRIGGER person_announced AFTER UPDATE OF is_active, role, password ON accounts_person
    FOR EACH STATEMENT EXECUTE FUNCTION reviews_announce_access();
CREATE TRIGGER participant_announced AFTER UPDATE OR DELETE ON incidents_participant
    FOR EACH STATEMENT EXECUTE FUNCTION reviews_announce_access();
CREATE TRIGGER incident_announced AFTER DELETE OR UPDATE OF status ON incidents_incident
    FOR EACH STATEMENT EXECUTE FUNCTION reviews_announce_access();
"""
UNDO = """
DROP TRIGGER incident_announced ON incidents_incident;
DROP TRIGGER participant_announced ON incidents_participant;
DROP TRIGGER person_announced ON accounts_person;
DROP TRIGGER session_ended_announced ON django_session;
DROP FUNCTION reviews_announce_access();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reviews", "0004_live_comments_approval_templates_attachments"),
        ("incidents", "0004_notification"),
        ("accounts", "0002_administrators_by_createsuperuser"),
        ("sessions", "0001_initial"),
    ]

    operations = [migrations.RunSQL(ANNOUNCE, UNDO)]
