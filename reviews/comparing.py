"""What differs between two states of a review, as data in the shape of reviews.snapshot. Runs no query."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from core.zones import zone_named
from incidents.models import DetectedBy
from reviews.models import SectionKind
from reviews.passages import Passage, passages_between

Document = dict[str, Any]
Value = str | datetime | date | None
LONGEST_SUGGESTION = 300

_BEFORE_TIMELINE = (SectionKind.SUMMARY, SectionKind.IMPACT, SectionKind.NARRATIVE)
_AFTER_TIMELINE = (SectionKind.WENT_WELL, SectionKind.WENT_BADLY, SectionKind.LUCKY, SectionKind.LESSONS)
_MILESTONES = {
    "detected_at": "Detected",
    "responded_at": "First response",
    "mitigated_at": "Mitigated",
    "resolved_at": "Resolved",
}


@dataclass(frozen=True)
class Difference:
    """One value that differs; a text without a label is what the thing says."""

    label: str
    before: Value
    after: Value

    @property
    def is_text(self) -> bool:
        """Whether it is words on both sides, rather than an instant or a day."""
        return all(isinstance(value, str) for value in (self.before, self.after))

    @cached_property
    def passages(self) -> list[Passage]:
        """How the words differ."""
        return passages_between(str(self.before or ""), str(self.after or ""))


@dataclass(frozen=True)
class ItemChange:
    """An event, why, factor, action or person: `how` is "added", "removed" or "changed"."""

    how: str
    key: Any
    label: str
    at: datetime | None = None
    differences: list[Difference] = field(default_factory=list)

    @property
    def says_the_same(self) -> bool:
        """Whether its own words are the same as before."""
        return all(one.label for one in self.differences)


@dataclass(frozen=True)
class PartChange:
    """A part of the review in which something differs; `name` is its name on the editor page."""

    name: str
    title: str
    noun: str = ""
    differences: list[Difference] = field(default_factory=list)
    items: list[ItemChange] = field(default_factory=list)
    reordered: bool = False

    @property
    def phrase(self) -> str:
        """What happened to it, in few words: "Timeline, 2 events added, 1 changed"."""
        if self.name == "facts":
            return f"Facts ({', '.join(one.label.lower() for one in self.differences)})"
        said: list[str] = []
        for how in ("added", "changed", "removed"):
            if count := sum(item.how == how for item in self.items):
                noun = f" {self.noun}{'' if count == 1 else 's'}" if self.noun and not said else ""
                said.append(f"{count}{noun} {how}")
        if self.reordered:
            said.append("reordered" if not said else "others reordered")
        return ", ".join([self.title, *said])


@dataclass(frozen=True)
class Comparison:
    """The parts that differ, in reading order."""

    parts: list[PartChange]

    def __bool__(self) -> bool:
        return bool(self.parts)

    @property
    def phrases(self) -> list[str]:
        """What happened to each part."""
        return [part.phrase for part in self.parts]

    @property
    def suggestion(self) -> str:
        """A note for readers that says what changed, at most 300 characters."""
        note = "; ".join(self.phrases)
        return note if len(note) <= LONGEST_SUGGESTION else note[: LONGEST_SUGGESTION - 1].rstrip() + "…"


def compare(before: Document, after: Document) -> Comparison:
    """What turns the document `before` into `after`. Parts and things are matched by their keys."""
    # Versions of before this was kept say nothing of it.
    with_whys = all("why" in one for document in (before, after) for one in document.get("factors", []))
    parts = [
        PartChange("facts", "Facts", differences=_differences(_facts(before), _facts(after))),
        *(_section(kind, before, after) for kind in _BEFORE_TIMELINE),
        _items("timeline", "Timeline", "event", _events(before), _events(after)),
        _items("whys", "Five whys", "", _whys(before, after), _whys(after, after)),
        _items("factors", "Contributing factors", "", *(_factors(one, after, with_whys) for one in (before, after))),
        *(_section(kind, before, after) for kind in _AFTER_TIMELINE),
        _items("actions", "Action items", "", _actions(before), _actions(after)),
        _items("participants", "People", "", _people(before), _people(after)),
    ]
    return Comparison([part for part in parts if part.differences or part.items or part.reordered])


Values = dict[str, Value]
Things = dict[Any, Values]


def _differences(before: Values, after: Values) -> list[Difference]:
    names = dict.fromkeys([*after, *before])
    pairs = [(name, before.get(name, ""), after.get(name, "")) for name in names]
    return [Difference(name, old, new) for name, old, new in pairs if old != new]


def _section(kind: SectionKind, before: Document, after: Document) -> PartChange:
    texts = [{"": document["sections"].get(kind, {}).get("text", "")} for document in (before, after)]
    titles = [document["sections"].get(kind, {}).get("title") for document in (after, before)]
    title = titles[0] or titles[1] or str(kind.label)
    return PartChange(kind.value, title, differences=_differences(texts[0], texts[1]))


def _items(name: str, title: str, noun: str, before: Things, after: Things) -> PartChange:
    changes = []
    for key, values in after.items():
        if key not in before:
            changes.append(_one("added", key, values))
        elif differences := _differences(before[key], values):
            changes.append(_one("changed", key, values, differences))
    changes += [_one("removed", key, values) for key, values in before.items() if key not in after]
    stay = [[key for key in things if key in before and key in after] for things in (before, after)]
    # A time or a place that changed says already why the order did.
    moved = any(one.label in ("Time", "Stands below") for change in changes for one in change.differences)
    return PartChange(name, title, noun, items=changes, reordered=stay[0] != stay[1] and not moved)


def _one(how: str, key: Any, values: Values, differences: list[Difference] | None = None) -> ItemChange:
    at = values.get("Time")
    return ItemChange(how, key, str(values.get("") or ""), at if isinstance(at, datetime) else None, differences or [])


def _noticed_by(document: Document) -> str:
    who = document.get("detected_by")
    return str(DetectedBy(who).label) if who in DetectedBy.values else ""


def _facts(document: Document) -> Values:
    milestones = document.get("milestones", {})
    people = {one["name"] for one in document.get("people", [])}  # who is told there as well
    began = _moment(document.get("occurred_at"))
    if began and document.get("occurred_is_date"):
        began = began.astimezone(zone_named(document["time_zone"])).date()  # type: ignore[assignment]
    return {
        "Title": document.get("title", ""),
        "Severity": str(document.get("severity") or "").upper(),
        "Services": _names(document.get("services")),
        "Causes": _names(document.get("causes")),
        "Began": began,
        **{label: _moment(milestones.get(name)) for name, label in _MILESTONES.items()},
        "Noticed first by": _noticed_by(document),
        "Time zone": document.get("time_zone", ""),
        "Tags": ", ".join(document.get("tags") or []),
        "Authors": ", ".join(name for name in document.get("authors") or [] if name not in people),
    }


def _events(document: Document) -> Things:
    return {
        event["id"]: {
            "Time": _moment(event.get("at")),
            "Kind": event.get("kind_label", ""),
            "": event.get("text", ""),
            "Zone": event.get("zone", ""),
            "Source": event.get("source_url", ""),
            **_perspectives(event),
        }
        for event in document.get("events", [])
    }


def _perspectives(event: Document) -> Values:
    """What each who was there tells of it, under their name; a second perspective of the same one is counted."""
    values: Values = {}
    for one in event.get("perspectives", []):
        for label, name in (("What was known", "known"), ("What made sense", "sense")):
            label, count = f"{label}, {one['who']}", 1
            while f"{label}{f' ({count})' if count > 1 else ''}" in values:
                count += 1
            values[f"{label}{f' ({count})' if count > 1 else ''}"] = one.get(name, "")
    return values


def _whys(document: Document, latest: Document) -> Things:
    """A why is named by its `latest` question: those below one that is asked in other words did not move."""
    questions = {why["id"]: why["question"] for why, _ in _walked(latest.get("whys", []))}
    events = {event["id"]: event["text"] for one in (document, latest) for event in one.get("events", [])}
    return {
        why["id"]: {
            "": why.get("question", ""),
            "Answer": why.get("answer", ""),
            "Root cause": "Yes" if why.get("is_root_cause") else "No",
            "Cause category": _name(why.get("cause")),
            "Evidence": "\n\n".join(_evidence(one, events) for one in why.get("evidence", [])),
            "Stands below": questions.get(above["id"], above["question"]) if above else "",
        }
        for why, above in _walked(document.get("whys", []))
    }


def _evidence(cited: Document, events: dict[int, str]) -> str:
    """An event by its latest words: that it reads otherwise now, the timeline tells."""
    if cited["url"]:
        return f"{cited['label']} {cited['url']}".strip()
    return events.get(cited["event"], "")


def _walked(whys: list[Document]) -> Iterator[tuple[Document, Document | None]]:
    """Each why with the one above it, in reading order; a stack, since the depth is its authors' choice."""
    waiting: list[tuple[Document, Document | None]] = [(why, None) for why in reversed(whys)]
    while waiting:
        why, above = waiting.pop()
        yield why, above
        waiting.extend((child, why) for child in reversed(why.get("children", [])))


def _factors(document: Document, latest: Document, with_whys: bool) -> Things:
    titles = {action["id"]: action["title"] for action in document.get("actions", [])}
    asked = {why["id"]: why["question"] for one in (document, latest) for why, _ in _walked(one.get("whys", []))}
    return {
        factor["id"]: {
            "": factor.get("text", ""),
            "Cause category": _name(factor.get("cause")),
            "Found by asking": asked.get(factor.get("why"), "") if with_whys else "",
            "Removed by": ", ".join(titles[key] for key in factor.get("actions", []) if key in titles),
        }
        for factor in document.get("factors", [])
    }


def _actions(document: Document) -> Things:
    def plain(action: Document, name: str) -> str:
        return str(action.get(name) or "")

    return {
        action["id"]: {
            "": action.get("title", ""),
            "How one will know": plain(action, "done_when"),
            "Details": plain(action, "details"),
            "Kind": plain(action, "kind_label"),
            "Owner": plain(action, "owner"),
            "Team": plain(action, "team"),
            "Due": date.fromisoformat(action["due"]) if action.get("due") else None,
        }
        for action in document.get("actions", [])
    }


def _people(document: Document) -> Things:
    told = [(one["name"], one["role_label"]) for one in document.get("people", [])]
    return {one: {"": f"{one[0]}, {one[1]}"} for one in told}


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _name(named: Document | None) -> str:
    return str(named["name"]) if named else ""


def _names(named: list[Document] | None) -> str:
    return ", ".join(one["name"] for one in named or [])
