from django.db import migrations

EVENT_OF_THE_SAME_INCIDENT = """
CREATE FUNCTION reviews_refuse_foreign_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT review_id FROM reviews_why WHERE id = NEW.why_id)
       IS DISTINCT FROM (SELECT incident_id FROM timeline_event WHERE id = NEW.event_id) THEN
        RAISE EXCEPTION 'an answer cites events of its own incident only' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reviews_evidence_own_event BEFORE INSERT OR UPDATE ON reviews_evidence
    FOR EACH ROW WHEN (NEW.event_id IS NOT NULL) EXECUTE FUNCTION reviews_refuse_foreign_evidence();
"""

UNDO = """
DROP TRIGGER reviews_evidence_own_event ON reviews_evidence;
DROP FUNCTION reviews_refuse_foreign_evidence();
"""


class Migration(migrations.Migration):
    dependencies = [("reviews", "0010_role_names"), ("timeline", "0002_perspective")]

    operations = [migrations.RunSQL(EVENT_OF_THE_SAME_INCIDENT, UNDO)]
