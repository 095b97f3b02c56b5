"""The catalog files that a path leads to."""

from collections.abc import Iterator
from pathlib import Path

from catalog.importing.backstage import read_backstage
from catalog.importing.entries import CatalogFile, Place
from catalog.importing.tables import read_table
from core.text import storable

MAX_BYTES = 10_000_000
_YAML = {".yaml", ".yml"}
_USUAL = "catalog-info"


def catalog_files(path: Path) -> Iterator[CatalogFile]:
    """What the file says and those that it refers to, or all below a folder; there, other YAML is passed over."""
    if not path.is_dir():
        yield from _with_further(path, set())
        return
    for below in sorted(path.rglob("*")):
        parts = below.relative_to(path).parts
        if any(part.startswith(".") or part == "node_modules" for part in parts) or not below.is_file():
            continue
        ending = below.suffix.lower()
        if ending == ".csv" or ending in _YAML:
            yield _read(below, strict=ending == ".csv" or below.stem == _USUAL)


def _with_further(path: Path, seen: set[Path]) -> Iterator[CatalogFile]:
    """A file, and the files below its folder that its locations name."""
    seen.add(path.resolve())
    found = _read(path, strict=True)
    yield found
    root = path.parent.resolve()
    for place, target in found.further:
        further = (root / target).resolve() if "://" not in target else None
        if further is None or not further.is_relative_to(root):
            said = f"“{target[:200]}” is not read: only files beside or below this one are."
            yield CatalogFile(problems=[(place, said)])
        elif further not in seen:
            yield from _with_further(further, seen)


def _read(path: Path, *, strict: bool) -> CatalogFile:
    shown = storable(str(path))
    try:
        if path.stat().st_size > MAX_BYTES:
            return _refused(shown, f"It has more than {MAX_BYTES // 1_000_000} MB. Split it.")
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        return _refused(shown, "It is not UTF-8. Save it as UTF-8 and import it again.")
    except OSError as problem:
        return _refused(shown, f"It cannot be read: {problem.strerror}.")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\x00" in text:
        return _refused(shown, "It is not a text file.")
    return read_table(text, shown) if path.suffix.lower() == ".csv" else read_backstage(text, shown, strict=strict)


def _refused(file: str, said: str) -> CatalogFile:
    return CatalogFile(problems=[(Place(file, 1), said)])
