"""What a backup holds: a ZIP with one entry for each table, as COPY writes it, one for each file, and a manifest."""

import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

FORM = 1
MANIFEST = "debrief-backup.json"


class BadBackup(Exception):
    """The file cannot be restored; the message tells a person why and what to do."""


@dataclass(frozen=True)
class Table:
    """One table: its columns in the order of its entry, and how many rows it has."""

    columns: list[str]
    rows: int


@dataclass(frozen=True)
class KeptFile:
    """A file: where it was stored (an alias of STORAGES), under which name, and its entry."""

    storage: str
    name: str
    entry: str
    size: int


@dataclass(frozen=True)
class Manifest:
    """What stands in it: `migrations` as app and name, `sequences` as the last value and whether it was given."""

    made_at: str
    postgres: str
    migrations: list[list[str]]
    tables: dict[str, Table]
    sequences: dict[str, list[Any]]
    files: list[KeptFile]

    @property
    def rows(self) -> int:
        """In all tables together."""
        return sum(table.rows for table in self.tables.values())

    def written(self) -> str:
        """As JSON."""
        return json.dumps({"debrief_backup": FORM, **asdict(self)})


def table_entry(table: str) -> str:
    """Where the rows of a table stand."""
    return f"tables/{table}.copy"


def read_manifest(archive: zipfile.ZipFile) -> Manifest:
    """The manifest of a backup; BadBackup where it is none, or of a form that is not known here."""
    try:
        loose = json.loads(archive.read(MANIFEST))
    except (KeyError, ValueError, zipfile.BadZipFile):
        raise BadBackup("It is not a backup of Debrief.") from None
    form = loose.get("debrief_backup") if isinstance(loose, dict) else None
    if not isinstance(form, int):
        raise BadBackup("It is not a backup of Debrief.")
    if form > FORM:
        raise BadBackup("It was made by a newer Debrief. Upgrade this one first.")
    try:
        return _manifest(loose)
    except (KeyError, TypeError, AttributeError):
        raise BadBackup("Its manifest is damaged.") from None


def _manifest(loose: Mapping[str, Any]) -> Manifest:
    return Manifest(
        made_at=loose["made_at"],
        postgres=loose["postgres"],
        migrations=[[str(app), str(name)] for app, name in loose["migrations"]],
        tables={name: Table(list(one["columns"]), int(one["rows"])) for name, one in loose["tables"].items()},
        sequences={name: [last, called] for name, (last, called) in loose["sequences"].items()},
        files=[KeptFile(**one) for one in loose["files"]],
    )
