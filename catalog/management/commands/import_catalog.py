"""`import_catalog`: services and teams from Backstage, or from CSV."""

import json
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from catalog.importing.sources import catalog_files
from catalog.importing.store import CHANGED, CREATED, UNCHANGED, CatalogImport, store_catalog
from core.tables import CommandWithTables
from core.text import storable

_TOLD = 10


class Command(CommandWithTables):
    """Makes what is new and brings what is known up to date; the same files again change nothing."""

    help = "Import services and teams from catalog-info.yaml files or CSV. Exit status 1 if an entry was refused."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See contract: PATH."""
        parser.add_argument("path", type=Path, metavar="PATH", help="a file, or a folder walked recursively")
        parser.add_argument("--json", action="store_true", help="the counts and problems as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints the counts; what was refused goes to stderr, a line each."""
        path: Path = options["path"]
        if not path.exists():
            raise CommandError(f"There is no file or folder {storable(str(path))}.", returncode=2)
        files = list(catalog_files(path))
        if not files:
            said = "there is no catalog-info.yaml in it, nor any other YAML or CSV file."
            raise CommandError(f"{storable(str(path))}: {said}", returncode=2)
        done = store_catalog(files)
        for place, said in done.problems:
            self.stderr.write(f"{place}: {said}")
        if done.unknown:
            self.stderr.write(_unknown(done))
        self.stdout.write(json.dumps(_as_json(done), ensure_ascii=False) if options["json"] else _in_words(done))
        if done.problems:
            raise SystemExit(1)


def _unknown(done: CatalogImport) -> str:
    names = sorted(done.unknown)
    more = f" and {len(names) - _TOLD} more" if len(names) > _TOLD else ""
    return f"Members without an account here, who were left out: {', '.join(names[:_TOLD])}{more}."


def _as_json(done: CatalogImport) -> dict[str, Any]:
    return {
        "services": _counts(done.services),
        "teams": _counts(done.teams),
        "members": done.members,
        "passed_over": done.passed_over,
        "unknown_members": sorted(done.unknown),
        "problems": [{"file": place.file, "line": place.line, "message": said} for place, said in done.problems],
    }


def _counts(counted: Counter[str]) -> dict[str, int]:
    return {one: counted[one] for one in (CREATED, CHANGED, UNCHANGED)}


def _in_words(done: CatalogImport) -> str:
    lines = [
        f"{called:<9}{counted[CREATED]:>5} new {counted[CHANGED]:>5} changed {counted[UNCHANGED]:>5} unchanged"
        for called, counted in (("services", done.services), ("teams", done.teams))
    ]
    lines.append(f"{'members':<9}{done.members:>5} new")
    if done.passed_over:
        lines.append(f"{done.passed_over} entities of other kinds were passed over.")
    return "\n".join(lines)
