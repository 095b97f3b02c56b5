"""The block of named values that many write-ups begin with: YAML between ---, TOML between +++."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from typing import Any

import yaml

_MAX_LINES = 500
_LINE = re.compile(r"([A-Za-z_][\w .\-]{0,60}?)\s*[:=]\s*(.*)")
# All values as the strings that were written: a date that does not exist is then ours to report.
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass
class FrontMatter:
    """Values by lower-case key, and the source lines each top-level key came from."""

    values: dict[str, Any] = field(default_factory=dict)
    source: dict[str, str] = field(default_factory=dict)
    syntax: str = "yaml"
    lines: int = 0  # how many lines of the file the block takes
    problems: list[str] = field(default_factory=list)

    def text(self, *names: str) -> str:
        """The first of these keys that has a plain value, as written; '' if none has."""
        for name in names:
            value = self.values.get(name)
            if isinstance(value, str) and value.strip():
                return value.strip()
        return ""

    def texts(self, *names: str) -> list[str]:
        """All values of these keys, lists flattened, in order and without repeats."""
        found: list[str] = []
        for name in names:
            value = self.values.get(name)
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, dict):
                    item = item.get("name", "")
                if isinstance(item, str) and item.strip() and item.strip() not in found:
                    found.append(item.strip())
        return found

    def rest(self, used: set[str]) -> str:
        """The source lines of every key not in `used`, as they stood."""
        return "\n".join(block for key, block in self.source.items() if key not in used).strip("\n")


def split_front_matter(lines: list[str]) -> FrontMatter:
    """Read the block at the start of the file, if there is one. Never raises; what cannot be read is a problem."""
    start = next((n for n, line in enumerate(lines) if line.strip()), len(lines))
    opening = lines[start].rstrip() if start < len(lines) else ""
    if opening not in ("---", "+++"):
        return FrontMatter()
    closings = ("---", "...") if opening == "---" else ("+++",)
    end = next(
        (n for n in range(start + 1, min(len(lines), start + _MAX_LINES)) if lines[n].rstrip() in closings), None
    )
    if end is None:
        return FrontMatter()
    block = lines[start + 1 : end]
    if opening == "---" and not any(_LINE.match(line) for line in block):
        return FrontMatter()  # a rule across the page, not a block of values
    matter = FrontMatter(lines=end + 1, syntax="yaml" if opening == "---" else "toml", source=_blocks(block))
    loaded = _load(matter.syntax, "\n".join(block))
    if loaded is None:
        matter.problems.append("The block of values at the top is not well formed; it was read line by line.")
        loaded = {m[1]: m[2].strip(" \"'") for line in block if (m := _LINE.match(line))}
    matter.values = {str(key).strip().lower().replace("-", "_"): _plain(value) for key, value in loaded.items()}
    for group in [value for value in matter.values.values() if isinstance(value, dict)]:
        named = {str(key).lower().replace("-", "_"): _plain(value) for key, value in list(group.items())[:200]}
        matter.values = {**named, **matter.values}
    return matter


def _load(syntax: str, text: str) -> dict[Any, Any] | None:
    try:
        loaded = yaml.load(text, Loader=_LOADER) if syntax == "yaml" else tomllib.loads(text)  # noqa: S506
    except (yaml.YAMLError, tomllib.TOMLDecodeError, ValueError, RecursionError):
        return None
    return loaded if isinstance(loaded, dict) else None


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(item) for item in value[:200]]
    if isinstance(value, dict) or value is None:
        return value
    return str(value)


def _blocks(block: list[str]) -> dict[str, str]:
    """Source lines by top-level key; a TOML table counts as one key."""
    found: dict[str, list[str]] = {}
    key = ""
    for line in block:
        if line.startswith("["):
            key = line.strip()
        elif not key.startswith("[") and line[:1] not in (" ", "\t", "-", "#") and (match := _LINE.match(line)):
            key = match[1].strip().lower().replace("-", "_")
        found.setdefault(key, []).append(line)
    return {name: "\n".join(lines) for name, lines in found.items()}
