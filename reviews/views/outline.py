"""The outline beside the editor: each part with a mark and words for what is missing."""

from dataclasses import dataclass, field

from incidents.models import Incident
from reviews.models import Review, SectionKind
from reviews.publishing import Missing, missing_parts

# The order in which the published page is read.
PART_NAMES = (
    "facts",
    "summary",
    "impact",
    "narrative",
    "timeline",
    "whys",
    "factors",
    "went_well",
    "went_badly",
    "lucky",
    "actions",
    "lessons",
    "participants",
    "visibility",
)
_TITLES = {
    "facts": "Facts",
    "timeline": "Timeline",
    "whys": "Five whys",
    "factors": "Factors",
    "actions": "Actions",
    "participants": "People",
    "visibility": "Readers",
} | {str(kind.value): str(kind.label) for kind in SectionKind}
_COUNTED = {"timeline": "event", "whys": "why", "factors": "factor", "actions": "action"}


@dataclass
class Entry:
    """A part in the outline; `mark` is "done", "missing" or "empty", `words` say the same and more."""

    name: str
    title: str
    mark: str
    words: str
    missing: list[Missing] = field(default_factory=list)


def part_of(anchor: str) -> str:
    """The part that holds the place `anchor`: "factor-12" stands in "factors"."""
    kind = anchor.partition("-")[0]
    return {"factor": "factors", "action": "actions", "event": "timeline", "why": "whys"}.get(kind, anchor)


def outline_of(review: Review) -> list[Entry]:
    """All parts in reading order. Some ten small queries."""
    incident = review.incident
    missing: dict[str, list[Missing]] = {}
    for one in missing_parts(review):
        missing.setdefault(part_of(one.anchor), []).append(one)
    written = {section.kind for section in review.sections.all() if section.text.strip()}
    counts = {
        "timeline": incident.events.count(),
        "whys": review.whys.count(),
        "factors": review.factors.count(),
        "actions": incident.actions.count(),
    }
    return [_entry(name, incident, written, counts, missing.get(name, [])) for name in PART_NAMES]


def _entry(name: str, incident: Incident, written: set[str], counts: dict[str, int], missing: list[Missing]) -> Entry:
    title = _TITLES[name]
    if name in counts:
        count = counts[name]
        words = f"{count} {_COUNTED[name]}{'' if count == 1 else 's'}" if count else "empty"
        mark = "done" if count else "empty"
    elif name in ("participants", "visibility"):
        mark, words = "done", "Restricted" if name == "visibility" and incident.visibility == "restricted" else ""
    elif name == "facts":
        lacking = [
            word for word, value in (("severity", incident.severity), ("time", incident.occurred_at)) if not value
        ]
        mark, words = ("empty", f"no {' and no '.join(lacking)}") if lacking else ("done", "")
    else:
        mark, words = ("done", "") if name in written else ("empty", "empty")
    if missing:
        mark, words = "missing", "missing" if len(missing) == 1 and not counts.get(name) else f"{len(missing)} missing"
    return Entry(name, title, mark, words, missing)
