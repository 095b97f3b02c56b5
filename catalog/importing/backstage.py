"""Descriptors of Backstage: YAML with several documents in a file, each an entity of some kind.

Names are unique by kind and namespace. A reference to an entity is written [kind:][namespace/]name.
"""

import re
from collections.abc import Iterator
from typing import Any

import yaml

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

_SERVICES = {"component": 0, "system": 1, "resource": 2}
_PASSED_OVER = {"api", "domain", "template", "location"}
_DOCUMENT = re.compile(r"^---(?=\s|$)", re.MULTILINE)
_DEFAULT = "default"
_Tree = dict[str, Any]


def read_backstage(text: str, file: str, *, strict: bool) -> CatalogFile:
    """The entities of a file. `strict`: what is no entity is a problem; else other YAML is passed over."""
    found = CatalogFile()
    for line, document in _documents(text):
        place = Place(file, line)
        try:
            tree = yaml.safe_load(document)
        except (yaml.YAMLError, ValueError, RecursionError) as problem:
            found.problems.append(_broken(problem, place))
            continue
        if tree is None:
            continue
        if not isinstance(tree, dict) or not str(tree.get("apiVersion", "")).startswith("backstage.io/"):
            if strict:
                found.problems.append((place, "This is no entity of Backstage: it has no apiVersion backstage.io/…."))
            continue
        try:
            _take(tree, place, found)
        except BadEntry as problem:
            found.problems.append((place, str(problem)))
    return found


def _documents(text: str) -> Iterator[tuple[int, str]]:
    """Each document with the line at which it begins: where one is broken, the others can still be read."""
    starts = [0, *(match.start() for match in _DOCUMENT.finditer(text))]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        document = text[start:end].removeprefix("---").lstrip("\n")
        if document.strip():
            yield text.count("\n", 0, end - len(document)) + 1, document


def _broken(problem: Exception, place: Place) -> tuple[Place, str]:
    mark = getattr(problem, "problem_mark", None)
    said = " ".join(str(getattr(problem, "problem", None) or problem).split())[:200]
    if mark is not None:
        place = Place(place.file, place.line + mark.line)
    return place, f"This is no well-formed YAML: {storable(said)}."


def _take(tree: _Tree, place: Place, found: CatalogFile) -> None:
    kind = str(tree.get("kind", "")).lower()
    metadata, spec = _part(tree, "metadata"), _part(tree, "spec")
    if kind == "location":
        targets = [*_texts(spec, "targets"), *([one] if (one := _text(spec, "target")) else [])]
        found.further.extend((place, target) for target in targets)
    if kind in _PASSED_OVER:
        found.passed_over += 1
    elif kind == "user":
        _take_user(metadata, spec, found)
    elif kind == "group":
        found.entries.append(_group(metadata, spec, place))
    elif kind in _SERVICES:
        found.entries.append(_service(metadata, spec, place, _SERVICES[kind]))
    else:
        raise BadEntry(f"Entities of the kind “{kind[:40]}” are not known." if kind else "The entity has no kind.")


def _service(metadata: _Tree, spec: _Tree, place: Place, weight: int) -> Entry:
    called = _name(metadata)
    namespace = _text(metadata, "namespace") or _DEFAULT
    owner = _text(spec, "owner")
    return Entry(
        "service",
        place,
        slug=slug_of(_qualified(namespace, called)),
        called=_qualified(namespace, called),
        title=short(_text(metadata, "title"), LONGEST_NAME, "title"),
        about=_about(metadata),
        owner=_owner(owner, namespace) if owner else None,
        weight=weight,
    )


def _group(metadata: _Tree, spec: _Tree, place: Place) -> Entry:
    called = _qualified(_text(metadata, "namespace") or _DEFAULT, _name(metadata))
    title = _text(_part(spec, "profile"), "displayName") or _text(metadata, "title")
    return Entry(
        "team",
        place,
        slug=slug_of(called),
        called=called,
        title=short(title, LONGEST_NAME, "name"),
        about=_about(metadata),
        members=[_reference(one)[2] for one in _texts(spec, "members")],
    )


def _take_user(metadata: _Tree, spec: _Tree, found: CatalogFile) -> None:
    """A person, who is known here by sign-in name or by the address of their mail."""
    namespace = _text(metadata, "namespace") or _DEFAULT
    names = [_name(metadata), _text(_part(spec, "profile"), "email")]
    for group in _texts(spec, "memberOf"):
        _, where, name = _reference(group)
        slug = slug_of(_qualified(where or namespace, name))
        found.memberships.append((slug, [name for name in names if name]))


def _owner(written: str, namespace: str) -> Owner | None:
    """The team that a reference names; people own nothing here."""
    kind, where, name = _reference(written)
    if kind == "user":
        return None
    called = _qualified(where or namespace, name)
    return Owner(slug_of(called), called)


def _reference(written: str) -> tuple[str, str, str]:
    """Kind in small letters, namespace, name; the first two are '' where they are not written."""
    kind, _, rest = written.strip().rpartition(":")
    namespace, _, name = rest.rpartition("/")
    if not name:
        raise BadEntry(f"“{written[:60]}” refers to nothing: write group:default/name or name.")
    return kind.lower(), namespace, name


def _qualified(namespace: str, name: str) -> str:
    return name if namespace.lower() == _DEFAULT else f"{namespace}/{name}"


def _name(metadata: _Tree) -> str:
    name = short(_text(metadata, "name"), LONGEST_NAME, "name")
    if not name:
        raise BadEntry("The entity has no metadata.name.")
    return name


def _about(metadata: _Tree) -> str:
    about = _text(metadata, "description").strip()
    if len(about) > LONGEST_ABOUT:
        raise BadEntry(f"The description has {len(about):,} characters; at most {LONGEST_ABOUT:,} fit.")
    return about


def _part(tree: _Tree, key: str) -> _Tree:
    part = tree.get(key)
    if part is not None and not isinstance(part, dict):
        raise BadEntry(f"“{key}” is not a group of values.")
    return part or {}


def _text(tree: _Tree, key: str) -> str:
    """A value as text. A number is what it says; what YAML takes for a date or for yes and no has to be quoted."""
    value = tree.get(key)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise BadEntry(f"“{key}” is not text. Put it between quotation marks.")
    return storable(str(value)).strip()


def _texts(tree: _Tree, key: str) -> list[str]:
    values = tree.get(key) or []
    if not isinstance(values, list):
        raise BadEntry(f"“{key}” is not a list.")
    return [text for value in values if (text := _text({key: value}, key))]
