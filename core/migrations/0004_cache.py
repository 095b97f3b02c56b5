from django.db import migrations

# As `createcachetable` makes it, so that `migrate` is all that an installation needs.
CACHE = """
CREATE TABLE IF NOT EXISTS core_cache (
    cache_key varchar(255) NOT NULL PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX IF NOT EXISTS core_cache_expires ON core_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0003_audit_of_subject")]

    operations = [migrations.RunSQL(CACHE, "DROP TABLE core_cache")]
