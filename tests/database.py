"""The database of the tests: copied from one that was migrated once, put back as it was after a test that commits.

Django's own way, `flush`, makes some 400 files anew for each such test and takes the rows of the migrations with it.
Here only the tables that hold something else than before are touched, and they get back what stood in them.
"""

import hashlib
import re
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
AS_MIGRATED = "as_migrated"
_LOCK = 7_304_199  # of workers that begin at once, one migrates
_MIGRATED = "debrief_migrated_"
_IMPORT = re.compile(r"^(?:from|import) ([\w.]+)", re.MULTILINE)

# Two functions beside the tables. Neither fires a trigger: the audit log refuses to forget, and what is told of a
# change would reach whoever still listens. The lock waits for what another connection has not yet committed, and holds
# nothing meanwhile: two that wait for each other would be a deadlock.
_FUNCTIONS = """
CREATE SCHEMA IF NOT EXISTS kept;
CREATE OR REPLACE FUNCTION kept.columns_of(one regclass) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
    WHERE attrelid = one AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
$$;
CREATE OR REPLACE FUNCTION kept.tables() RETURNS SETOF regclass LANGUAGE sql AS $$
    SELECT oid::regclass FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname
$$;
CREATE OR REPLACE FUNCTION kept.save(set_name text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE one regclass; filled boolean; name text;
BEGIN
    EXECUTE format('DROP SCHEMA IF EXISTS %I CASCADE; CREATE SCHEMA %I', set_name, set_name);
    FOR one IN SELECT kept.tables() LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %s)', one) INTO filled;
        IF filled THEN
            SELECT relname INTO name FROM pg_class WHERE oid = one;
            EXECUTE format('CREATE TABLE %I.%I AS TABLE %s', set_name, name, one);
        END IF;
    END LOOP;
END $$;
CREATE OR REPLACE FUNCTION kept.put_back(set_name text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE one regclass; saved regclass; filled boolean; same boolean; name text; columns text;
    every text := (SELECT string_agg(t::text, ', ') FROM kept.tables() t);
    give_up timestamptz := clock_timestamp() + interval '30 seconds';
BEGIN
    LOOP
        BEGIN
            EXECUTE format('LOCK TABLE %s IN EXCLUSIVE MODE NOWAIT', every);
            EXIT;
        EXCEPTION WHEN lock_not_available THEN
            IF clock_timestamp() > give_up THEN
                RAISE;
            END IF;
            PERFORM pg_sleep(0.01);
        END;
    END LOOP;
    PERFORM set_config('session_replication_role', 'replica', true);
    FOR one IN SELECT kept.tables() LOOP
        SELECT relname INTO name FROM pg_class WHERE oid = one;
        saved := to_regclass(format('%I.%I', set_name, name));
        EXECUTE format('SELECT EXISTS (SELECT FROM %s)', one) INTO filled;
        same := saved IS NULL AND NOT filled;
        IF saved IS NOT NULL AND filled THEN
            EXECUTE format('SELECT (SELECT (count(*), sum(hashtextextended(t::text, 0))) FROM %s t)'
                ' IS NOT DISTINCT FROM (SELECT (count(*), sum(hashtextextended(t::text, 0))) FROM %s t)', one, saved)
                INTO same;
        END IF;
        IF filled AND NOT same THEN
            EXECUTE format('DELETE FROM %s', one);
        END IF;
        IF saved IS NOT NULL AND NOT same THEN
            columns := kept.columns_of(one);
            EXECUTE format('INSERT INTO %s (%s) SELECT %s FROM %s', one, columns, columns, saved);
        END IF;
    END LOOP;
    PERFORM set_config('session_replication_role', 'origin', true);
END $$;
"""


def migrated() -> str:
    """The name of a database that has all tables and the rows that migrations write; made where there is none."""
    name = _MIGRATED + _digest()
    with psycopg.connect(**_access(), autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        known = [row[0] for row in server.execute("SELECT datname FROM pg_database").fetchall()]
        if name not in known:
            _make(server, f"{name}_unfinished")
            server.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(_named(f"{name}_unfinished"), _named(name)))
            for old in known:
                if old.startswith(_MIGRATED):
                    server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(_named(old)))
    return name


def remember_as_migrated() -> bool:
    """Keep what stands in the tables of a new test database; False where its user may not switch triggers off.

    A commit there waits for no disk: what a crash would take is thrown away anyway.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if not cursor.fetchone()[0]:
            return False
        cursor.execute("SET synchronous_commit = off")
        cursor.execute(f"ALTER DATABASE {connection.ops.quote_name(connection.settings_dict['NAME'])}"
                       " SET synchronous_commit = off")  # fmt: skip
        cursor.execute(_FUNCTIONS)
    keep(AS_MIGRATED)
    return True


def keep(name: str) -> None:
    """Remember all rows there are, under that name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT kept.save(%s)", [name])


def is_kept(name: str) -> bool:
    """Whether rows were remembered under that name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace(%s) IS NOT NULL", [name])
        found: bool = cursor.fetchone()[0]
        return found


def put_back(name: str = AS_MIGRATED) -> None:
    """Make all tables hold just what was remembered; within the running transaction, if there is one."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT kept.put_back(%s)", [name])


def end_other_sessions() -> None:
    """Of threads and processes that outlive the tests; the database could not be dropped while they last."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = current_user"
        )


def _make(server: psycopg.Connection, name: str) -> None:
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(_named(name)))
    server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(_named(name)))
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = name
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = usual


def _access() -> dict[str, Any]:
    facts = connection.get_connection_params()
    return {key: facts[key] for key in ("host", "port", "user", "password") if facts.get(key)} | {"dbname": "postgres"}


def _named(name: str) -> sql.Identifier:
    return sql.Identifier(name)


def _digest() -> str:
    """Of everything that has a say in what migrations make: they themselves, what they import, whose they are."""
    libraries = " ".join(f"{name} {version(name)}" for name in ("django", "django-allauth", "procrastinate"))
    made_by = hashlib.sha256(libraries.encode())
    for migration in sorted(ROOT.glob("*/migrations/*.py")):
        text = migration.read_text()
        made_by.update(f"{migration.relative_to(ROOT)} {text}".encode())
        for module in _IMPORT.findall(text):
            path = ROOT / module.replace(".", "/")
            for imported in (path.with_suffix(".py"), path / "__init__.py"):
                if imported.is_file():
                    made_by.update(imported.read_bytes())
    return made_by.hexdigest()[:16]
