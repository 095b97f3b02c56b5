from django.db import migrations

# Every number that an incident ever had stays in a ledger, so that neither a deletion followed by an insert
# nor a sequence set back by hand can give it to another one.
LEDGER = """
CREATE TABLE incidents_usednumber (number bigint PRIMARY KEY);
CREATE FUNCTION incidents_use_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO incidents_usednumber VALUES (NEW.number);
    RETURN NEW;
END $$;
CREATE TRIGGER incidents_number_once BEFORE INSERT ON incidents_incident
    FOR EACH ROW EXECUTE FUNCTION incidents_use_number();
CREATE TRIGGER incidents_number_fixed BEFORE UPDATE OF number ON incidents_incident
    FOR EACH ROW WHEN (OLD.number <> NEW.number) EXECUTE FUNCTION core_refuse_change();
"""

UNDO = """
DROP TRIGGER incidents_number_fixed ON incidents_incident;
DROP TRIGGER incidents_number_once ON incidents_incident;
DROP FUNCTION incidents_use_number();
DROP TABLE incidents_usednumber;
"""


class Migration(migrations.Migration):
    dependencies = [("incidents", "0001_initial"), ("core", "0002_audit_is_append_only")]

    operations = [migrations.RunSQL(LEDGER, UNDO)]
