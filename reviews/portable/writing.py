"""A document of `gathering` as JSON, or as Markdown that people read and that is read back exactly.

In the Markdown a comment stands before each part and holds what prose cannot: `<!-- debrief event {"at": ...} -->`.
Then comes one heading, where the part has one, and the text as it was typed. A line of a text that looks like such a
comment gets a backslash in front.
"""

import json
import re
from datetime import datetime
from typing import Any

from core.zones import zone_named
from reviews.models import SectionKind
from reviews.portable.gathering import Document
from timeline.models import EventKind

_PARTS = ("sections", "events", "whys", "factors", "actions")
_LIKE_A_MARK = re.compile(r"^(?=\\*<!-- debrief\b)", re.MULTILINE)
# What YAML or a reader of lines could take for something else than a character.
_AWKWARD = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def as_json(document: Document) -> str:
    """The document as it is."""
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def as_markdown(document: Document) -> str:
    """The document for people: values on top, then each part under a heading of its own."""
    lines = ["---", *(f"{key}: {_value(value)}" for key, value in document.items() if key not in _PARTS), "---", ""]
    parts = [
        "\n".join(lines),
        f"# {_line(document['title'])}\n",
        *(_section(kind, one) for kind, one in document["sections"].items()),
        *_timeline(document),
        *_whys(document["whys"]),
        *_factors(document["factors"]),
        *_actions(document["actions"]),
        "<!-- debrief end -->\n",
    ]
    return "\n".join(parts)


def _section(kind: str, section: dict[str, str]) -> str:
    title = section.get("title", "")
    facts = {"kind": kind, **({"title": title} if title else {})}
    return _part("section", facts, f"## {_line(title or SectionKind(kind).label)}", section["text"])


def _timeline(document: Document) -> list[str]:
    if not document["events"]:
        return []
    parts = [_part("timeline", {}, "## Timeline", None)]
    for event in document["events"]:
        facts = {name: value for name, value in event.items() if name not in ("text", "perspectives")}
        at = datetime.fromisoformat(event["at"]).astimezone(zone_named(event["zone"]))
        heading = f"### {at:%Y-%m-%d %H:%M:%S %Z}, {EventKind(event['kind']).label}"
        parts.append(_part("event", facts, heading, event["text"]))
        for seen in event["perspectives"]:
            parts.append(_part("perspective", {"who": seen["who"]}, f"#### To {_line(seen['who'])}", None))
            parts += [_part(name, {}, None, seen[name]) for name in ("known", "sense") if seen[name]]
    return parts


def _whys(whys: list[Document]) -> list[str]:
    parts = [_part("whys", {}, "## Five whys", None)] if whys else []
    waiting: list[tuple[Document, int | None]] = [(one, None) for one in reversed(whys)]
    while waiting:
        one, below = waiting.pop()
        facts = {"id": one["id"], "below": below}
        facts |= {name: one[name] for name in ("is_root_cause", "cause", "evidence") if one[name]}
        parts.append(_headed_part("why", facts, "question", one["question"], one["answer"]))
        waiting.extend((child, one["id"]) for child in reversed(one["children"]))
    return parts


def _factors(factors: list[Document]) -> list[str]:
    parts = [_part("factors", {}, "## Contributing factors", None)] if factors else []
    for one in factors:
        facts = {name: value for name, value in one.items() if name != "text" and value}
        cause = f": {_line(one['cause']['name'])}" if one["cause"] else ""
        parts.append(_part("factor", facts, f"### Factor {one['id']}{cause}", one["text"]))
    return parts


def _actions(actions: list[Document]) -> list[str]:
    parts = [_part("actions", {}, "## Action items", None)] if actions else []
    for one in actions:
        facts = {name: value for name, value in one.items() if name not in ("title", "details") and value}
        parts.append(_headed_part("action", facts, "title", one["title"], one["details"]))
    return parts


def _headed_part(name: str, facts: dict[str, Any], key: str, heading: str, text: str) -> str:
    """A part whose heading is one of its values; the comment has it as well only where a heading would alter it."""
    if heading != _line(heading):
        facts = {**facts, key: heading}
    return _part(name, facts, f"### {_line(heading)}", text)


def _part(name: str, facts: dict[str, Any], heading: str | None, text: str | None) -> str:
    told = f" {_value(facts)}".replace("--", "-\\u002d") if facts else ""
    lines = [f"<!-- debrief {name}{told} -->\n"]
    if heading is not None:
        lines.append(f"{heading}\n")
    if text is not None:
        lines.append(_LIKE_A_MARK.sub(r"\\", text) + "\n")
    return "\n".join(lines)


def _value(value: Any) -> str:
    written = json.dumps(value, ensure_ascii=False)
    return _AWKWARD.sub(lambda found: f"\\u{ord(found[0]):04x}", written)


def _line(text: str) -> str:
    return " ".join(text.split())
