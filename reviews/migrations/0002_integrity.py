from django.db import migrations

VERSIONS_ARE_FROZEN = """
CREATE TRIGGER reviews_version_frozen BEFORE UPDATE OR DELETE ON reviews_version
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
"""

WHYS_ARE_A_TREE = """
ALTER TABLE reviews_why ADD CONSTRAINT why_of_review UNIQUE (review_id, id);
ALTER TABLE reviews_why ADD CONSTRAINT why_parent_same_review
    FOREIGN KEY (review_id, parent_id) REFERENCES reviews_why (review_id, id) DEFERRABLE INITIALLY DEFERRED;
CREATE FUNCTION reviews_refuse_why_cycle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        WITH RECURSIVE above AS (
            SELECT id, parent_id FROM reviews_why WHERE id = NEW.parent_id
            UNION
            SELECT w.id, w.parent_id FROM reviews_why w JOIN above ON w.id = above.parent_id
        ) SELECT 1 FROM above WHERE id = NEW.id
    ) THEN
        RAISE EXCEPTION 'a why cannot be placed below itself' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reviews_why_no_cycle BEFORE UPDATE OF parent_id ON reviews_why
    FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION reviews_refuse_why_cycle();
"""

FACTORS_AND_ACTIONS_OF_ONE_INCIDENT = """
CREATE FUNCTION reviews_refuse_foreign_action() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT review_id FROM reviews_factor WHERE id = NEW.factor_id)
       IS DISTINCT FROM (SELECT incident_id FROM actions_actionitem WHERE id = NEW.actionitem_id) THEN
        RAISE EXCEPTION 'a factor is removed by actions of its own incident only' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reviews_factor_own_actions BEFORE INSERT OR UPDATE ON reviews_factor_actions
    FOR EACH ROW EXECUTE FUNCTION reviews_refuse_foreign_action();
"""

UNDO = """
DROP TRIGGER reviews_factor_own_actions ON reviews_factor_actions;
DROP FUNCTION reviews_refuse_foreign_action();
DROP TRIGGER reviews_why_no_cycle ON reviews_why;
DROP FUNCTION reviews_refuse_why_cycle();
ALTER TABLE reviews_why DROP CONSTRAINT why_parent_same_review;
ALTER TABLE reviews_why DROP CONSTRAINT why_of_review;
DROP TRIGGER reviews_version_frozen ON reviews_version;
"""


class Migration(migrations.Migration):
    dependencies = [("reviews", "0001_initial"), ("core", "0002_audit_is_append_only"), ("actions", "0001_initial")]

    operations = [
        migrations.RunSQL([VERSIONS_ARE_FROZEN, WHYS_ARE_A_TREE, FACTORS_AND_ACTIONS_OF_ONE_INCIDENT], UNDO),
    ]
