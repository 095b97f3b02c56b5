"""Restoring a backup, all or nothing.

Where the tables are those of the backup, one transaction empties and loads them. Where they are of another time, tables
are made beside them, in a schema of their own, as they were when the backup was made; they are loaded and brought to
what this Debrief needs, and then one transaction puts them in the place of those that were there.
"""

import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.exceptions import SuspiciousFileOperation
from django.core.management import call_command
from django.db import DataError, IntegrityError, OperationalError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from core.backup import schema
from core.backup.files import AT_ONCE, named_files, put, remove
from core.backup.layout import BadBackup, Manifest, read_manifest, table_entry

_IN_MEMORY = 8 * AT_ONCE
_DAMAGED = "It is damaged: what it holds does not fit together. Restore another one."


class NotEmpty(Exception):
    """There is something in the database, which a restore would replace."""


def restore_backup(path: Path, *, force: bool = False) -> Manifest:
    """Make the database and the stored files what they were; what was there before is gone with `force` only.

    Raises BadBackup, NotEmpty, or OSError for a file that cannot be read; nothing is changed then.
    """
    with _opened(path) as archive:
        manifest = read_manifest(archive)
        targets = _targets(manifest)
        if not force and not _is_empty():
            raise NotEmpty
        before = set(_files_here())
        put_here: list[tuple[str, str]] = []
        try:
            if _is_of_the_same_time(manifest):
                with transaction.atomic(durable=True):
                    _load_tables(archive, manifest)
                    _put_files(archive, manifest, put_here)
            else:
                with schema.beside() as replace_present:
                    _rebuild(archive, manifest, targets)
                    _put_files(archive, manifest, put_here)
                    replace_present()
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        except BaseException as problem:
            for storage, name in put_here:
                remove(storage, name)
            said = _in_words(problem)
            if said is None:
                raise
            raise BadBackup(said) from problem
    for storage, name in before - {(one.storage, one.name) for one in manifest.files}:
        remove(storage, name)
    return manifest


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(path)
    except zipfile.BadZipFile:
        raise BadBackup("It is not a backup of Debrief, or it is not complete.") from None
    with archive:
        yield archive


def _in_words(problem: BaseException) -> str | None:
    """What went wrong, where it is of a kind that is known."""
    if isinstance(problem, zipfile.BadZipFile | zlib.error | EOFError | DataError | IntegrityError):
        return _DAMAGED
    if isinstance(problem, OperationalError) and "lock timeout" in str(problem):
        return "The database is in use. Stop Debrief first, then restore."
    return None


def _targets(manifest: Manifest) -> list[tuple[str, str]]:
    """The migrations to make the tables with; BadBackup where this Debrief does not know them all."""
    graph = MigrationExecutor(connection).loader.graph
    made = {(app, name) for app, name in manifest.migrations}
    unknown = sorted(f"{app} {name}" for app, name in made - set(graph.nodes))
    if unknown:
        raise BadBackup(
            f"It was made by a newer Debrief: {', '.join(unknown[:3])} is not known here. Upgrade this one first."
        )
    return [one for one in sorted(made) if not any(child.key in made for child in graph.node_map[one].children)]


def _is_of_the_same_time(manifest: Manifest) -> bool:
    """Whether the tables that are here, the backup and this Debrief are. Where there are no tables, they are made."""
    loader = MigrationExecutor(connection).loader
    made = {(app, name) for app, name in manifest.migrations}
    if made != set(loader.graph.nodes):
        return False
    if not schema.tables():
        call_command("migrate", verbosity=0, interactive=False)
        return True
    return made == set(loader.applied_migrations)


def _is_empty() -> bool:
    """Whether nobody has an account, and nothing was changed: every change is audited."""
    here = set(schema.tables())
    with connection.cursor() as cursor:
        for table in ("accounts_person", "core_auditentry"):
            if table in here:
                cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {table})")  # noqa: S608  one of the two
                if cursor.fetchone()[0]:
                    return False
    return True


def _files_here() -> list[tuple[str, str]]:
    """The files of what is replaced; none where its tables are of another time and cannot be read."""
    try:
        with transaction.atomic():
            return list(named_files())
    except Exception:
        return []


def _rebuild(archive: zipfile.ZipFile, manifest: Manifest, targets: list[tuple[str, str]]) -> None:
    MigrationExecutor(connection).migrate(targets)
    with transaction.atomic():
        _load_tables(archive, manifest)
    call_command("migrate", verbosity=0, interactive=False)


def _load_tables(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """What is in the tables gives way to what stands in the backup, in the caller's transaction."""
    here = schema.columns()
    if here.keys() != manifest.tables.keys():
        raise BadBackup(_DAMAGED)
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{schema.LOCK_TIMEOUT}'")
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        aside = schema.set_aside()
        cursor.execute(f"TRUNCATE {', '.join(connection.ops.quote_name(table) for table in here)}")
    for table, told in manifest.tables.items():
        if set(told.columns) != set(here[table]) or _load(archive, table, told.columns) != told.rows:
            raise BadBackup(_DAMAGED)
    aside.bring_back()
    _move_sequences(manifest.sequences)


def _load(archive: zipfile.ZipFile, table: str, columns: list[str]) -> int:
    """Copy the rows into a table; how many there were."""
    quoted = connection.ops.quote_name
    listed = ", ".join(quoted(column) for column in columns)
    try:
        entry = archive.open(table_entry(table))
    except KeyError:
        raise BadBackup(_DAMAGED) from None
    with entry, connection.cursor() as cursor:
        with cursor.copy(f"COPY {quoted(table)} ({listed}) FROM STDIN") as copy:
            while piece := entry.read(AT_ONCE):
                copy.write(piece)
        return int(cursor.rowcount)


def _move_sequences(positions: dict[str, list[Any]]) -> None:
    with connection.cursor() as cursor:
        for name in schema.sequences():
            if name in positions:
                last, called = positions[name]
                cursor.execute("SELECT setval(%s::regclass, %s, %s)", [connection.ops.quote_name(name), last, called])


def _put_files(archive: zipfile.ZipFile, manifest: Manifest, put_here: list[tuple[str, str]]) -> None:
    """Store the files; those that were not there are noted in `put_here`."""
    for one in manifest.files:
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as content:
            try:
                with archive.open(one.entry) as entry:
                    shutil.copyfileobj(entry, content, AT_ONCE)
            except KeyError:
                raise BadBackup(_DAMAGED) from None
            content.seek(0)
            try:
                if put(one.storage, one.name, content):
                    put_here.append((one.storage, one.name))
            except SuspiciousFileOperation:
                raise BadBackup(_DAMAGED) from None
