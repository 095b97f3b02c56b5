"""Services and teams as a table: CSV with a line of headings.

A row is a service, or a team where its column `kind` says so. Where there is no column for a service, rows are teams.
"""

import csv
import io
from collections.abc import Mapping

from catalog.importing.entries import (
    LONGEST_ABOUT,
    LONGEST_NAME,
    BadEntry,
    CatalogFile,
    Entry,
    Owner,
    Place,
    short,
    slug_of,
)
from core.text import storable

_COLUMNS = {
    "kind": ("kind", "type"),
    "name": ("name", "service", "service name", "title"),
    "slug": ("slug", "id", "key"),
    "owner": ("owner", "team", "owning team", "owner team", "group"),
    "about": ("about", "description"),
    "aliases": ("aliases", "alias", "other names", "also called"),
    "members": ("members", "people"),
    "leads": ("lead", "leads"),
}
_TEAMS = {"team", "group"}
_LONGEST_FIELD = 100_000


def read_table(text: str, file: str) -> CatalogFile:
    """The rows of a table; what stands in several values is separated by semicolons or bars."""
    found = CatalogFile()
    csv.field_size_limit(_LONGEST_FIELD)
    rows = csv.reader(io.StringIO(text), delimiter=_delimiter(text))
    try:
        columns = _columns(next(rows, []))
        if "name" not in columns and "owner" not in columns:
            known = ", ".join(column for column in _COLUMNS if column != "name")
            said = f"The first line has to name the columns, one of them name. Others: {known}."
            found.problems.append((Place(file, 1), said))
            return found
        for row in rows:
            if any(value.strip() for value in row):
                _take(_values(row, columns), Place(file, rows.line_num), found)
    except csv.Error as problem:
        found.problems.append((Place(file, rows.line_num or 1), f"This is no well-formed CSV: {problem}."))
    return found


def _delimiter(text: str) -> str:
    heading = text.lstrip("\n").partition("\n")[0]
    return max(",;\t", key=heading.count)


def _columns(headings: list[str]) -> dict[str, int]:
    named = {" ".join(heading.replace("_", " ").split()).lower(): place for place, heading in enumerate(headings)}
    columns = {}
    for column, names in _COLUMNS.items():
        place = next((named[name] for name in names if name in named), None)
        if place is not None:
            columns[column] = place
    return columns


def _values(row: list[str], columns: Mapping[str, int]) -> dict[str, str]:
    return {column: storable(row[place]).strip() if place < len(row) else "" for column, place in columns.items()}


def _take(values: dict[str, str], place: Place, found: CatalogFile) -> None:
    try:
        found.entries.append(_entry(values, place))
    except BadEntry as problem:
        found.problems.append((place, str(problem)))


def _entry(values: dict[str, str], place: Place) -> Entry:
    kind = values.get("kind", "").lower()
    is_team = kind in _TEAMS or "name" not in values
    name = short(values.get("name", "") or (values.get("owner", "") if is_team else ""), LONGEST_NAME, "name")
    if not name:
        raise BadEntry("The row has no name.")
    if kind and kind not in {*_TEAMS, "service", "component", "system", "resource"}:
        raise BadEntry(f"“{kind[:40]}” is neither a service nor a team.")
    about = values.get("about", "")
    if len(about) > LONGEST_ABOUT:
        raise BadEntry(f"The description has {len(about):,} characters; at most {LONGEST_ABOUT:,} fit.")
    slug = slug_of(values.get("slug", "") or name)
    if is_team:
        members, leads = _several(values.get("members", "")), _several(values.get("leads", ""))
        return Entry("team", place, slug, name, title=name, about=about, members=members, leads=leads)
    owner = short(values.get("owner", ""), LONGEST_NAME, "owner")
    aliases = [short(one, LONGEST_NAME, "alias") for one in _several(values.get("aliases", ""))]
    named = Owner(slug_of(owner), owner) if owner else None
    return Entry("service", place, slug, name, title=name, about=about, owner=named, aliases=aliases)


def _several(value: str) -> list[str]:
    return [one for part in value.replace("|", ";").split(";") if (one := part.strip())]
