"""Making a backup: one transaction reads all tables as they are at one instant, while others go on writing."""

import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from core.backup import schema
from core.backup.files import AT_ONCE, named_files, opened
from core.backup.layout import MANIFEST, KeptFile, Manifest, Table, table_entry

_LEVEL = 3  # of compression: twice the time of 1 for a tenth less


@dataclass(frozen=True)
class Made:
    """What a backup holds, and the files that could not be read."""

    manifest: Manifest
    size: int
    missing: list[str]


def write_backup(path: Path) -> Made:
    """Write everything into `path`, which is there whole or not at all; an older file stays until then. OSError."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with _created(partial) as archive:
            manifest, missing = _write(archive)
        partial.replace(path)
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
    return Made(manifest, path.stat().st_size, missing)


@contextmanager
def _created(path: Path) -> Iterator[zipfile.ZipFile]:
    """A ZIP for its owner's eyes alone: it holds everything. On the disk at the end."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
            yield archive
        file.flush()
        os.fsync(file.fileno())


def _write(archive: zipfile.ZipFile) -> tuple[Manifest, list[str]]:
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        tables = {name: _write_table(archive, name, columns) for name, columns in sorted(schema.columns().items())}
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY id")
        migrations = [list(row) for row in cursor.fetchall()]
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0]
        named = list(named_files())
        sequences = {name: _position(cursor, name) for name in schema.sequences()}
    files, missing = _write_files(archive, named)
    manifest = Manifest(timezone.now().isoformat(), version, migrations, tables, sequences, files)
    archive.writestr(MANIFEST, manifest.written())
    return manifest, missing


def _write_table(archive: zipfile.ZipFile, table: str, columns: list[str]) -> Table:
    quoted = connection.ops.quote_name
    listed = ", ".join(quoted(column) for column in columns)
    with (
        archive.open(table_entry(table), "w", force_zip64=True) as entry,
        connection.cursor() as cursor,
    ):
        waiting = bytearray()
        with cursor.copy(f"COPY {quoted(table)} ({listed}) TO STDOUT") as copy:
            for piece in copy:
                waiting += piece
                if len(waiting) >= AT_ONCE:
                    entry.write(waiting)
                    waiting.clear()
        entry.write(waiting)
        return Table(columns, cursor.rowcount)


def _position(cursor: Any, sequence: str) -> list[Any]:
    """Sequences stand outside of transactions: read last, they are past every key that was read."""
    cursor.execute(f"SELECT last_value, is_called FROM {connection.ops.quote_name(sequence)}")  # noqa: S608  its name
    return list(cursor.fetchone())


def _write_files(archive: zipfile.ZipFile, named: list[tuple[str, str]]) -> tuple[list[KeptFile], list[str]]:
    """What was deleted meanwhile, or is lost, is left out and told."""
    kept, missing = [], []
    for number, (storage, name) in enumerate(named, 1):
        try:
            content = opened(storage, name)
        except Exception:  # each storage fails in its own way
            missing.append(name)
            continue
        described = zipfile.ZipInfo(f"files/{number}")
        described.compress_type = zipfile.ZIP_STORED  # pictures are compressed already
        size = 0
        with content, archive.open(described, "w", force_zip64=True) as entry:
            while piece := content.read(AT_ONCE):
                entry.write(piece)
                size += len(piece)
        kept.append(KeptFile(storage, name, described.filename, size))
    return kept, missing
