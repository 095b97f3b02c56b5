"""The checklist of a review: every part with how far it is, told by what is there and ticked by nobody."""

from dataclasses import dataclass, field

from reviews.models import SectionKind
from reviews.readiness import Missing, Readiness, listed

BLOCKS, MISSING, EMPTY, DONE, OPTIONAL = "blocks", "missing", "empty", "done", "optional"


@dataclass
class Entry:
    """A part with its `mark`: "done"; "blocks" publishing; "missing" what readers expect; "empty" as yet; "optional",
    which is not counted. `words` say the same and more.
    """

    name: str
    title: str
    mark: str
    words: str = ""
    missing: list[Missing] = field(default_factory=list)
    anchor: str = ""

    @property
    def place(self) -> str:
        """Where on the page it is."""
        return self.anchor or self.name

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do here."""
        return self.mark == DONE

    @property
    def is_counted(self) -> bool:
        """Whether it is something to be done."""
        return self.mark != OPTIONAL


@dataclass(frozen=True)
class Checklist:
    """All entries in reading order."""

    entries: list[Entry]
    ready: Readiness

    @property
    def total(self) -> int:
        """How many there are to do."""
        return sum(1 for one in self.entries if one.is_counted)

    @property
    def done(self) -> int:
        """How many of them are done."""
        return sum(1 for one in self.entries if one.is_done)

    @property
    def next(self) -> Entry | None:
        """What to do next: what blocks publishing first."""
        left = [one for one in self.entries if one.is_counted and not one.is_done]
        return min(left, key=lambda one: one.mark != BLOCKS, default=None)


def judged(name: str, title: str, ready: Readiness, missing: list[Missing]) -> Entry:
    """How far the part `name` is; `missing` is what readers miss in it."""
    if name in SectionKind.values:
        mark, words = _section(name, ready, missing)
    elif name in _JUDGES:
        mark, words = _JUDGES[name](ready, missing)
    else:
        mark, words = OPTIONAL, ""
    return Entry(name, title, mark, words, missing)


def discussed(ready: Readiness) -> Entry | None:
    """Whether every comment is settled; None where nobody commented."""
    if not ready.threads:
        return None
    mark, words = (EMPTY, f"{ready.open_threads} open") if ready.open_threads else (DONE, "all resolved")
    return Entry("comments", "Comments", mark, words, anchor=f"comment-{ready.first_comment}")


def _section(kind: str, ready: Readiness, missing: list[Missing]) -> tuple[str, str]:
    if kind in ready.written:
        return DONE, ""
    if any(one.blocking for one in missing):
        return BLOCKS, "needed to publish"
    return (EMPTY, "empty") if ready.wording[kind].is_expected else (OPTIONAL, "optional")


def _facts(ready: Readiness, missing: list[Missing]) -> tuple[str, str]:
    incident = ready.incident
    known = {"severity": incident.severity, "time": incident.occurred_at, "services": ready.has_services}
    lacking = [f"no {name}" for name, value in known.items() if not value]
    return (EMPTY, listed(lacking)) if lacking else (DONE, "")


def _timeline(ready: Readiness, missing: list[Missing]) -> tuple[str, str]:
    if not ready.events and not ready.is_detected:
        return MISSING, "no events"
    if not ready.events:
        return EMPTY, "no events"
    return (DONE, _counted(ready.events, "event")) if ready.is_detected else (MISSING, "no detection")


def _whys(ready: Readiness, missing: list[Missing]) -> tuple[str, str]:
    if not ready.whys:
        return EMPTY, "empty"
    return (DONE, _counted(ready.whys, "why")) if ready.root_causes else (MISSING, "no root cause")


def _factors(ready: Readiness, missing: list[Missing]) -> tuple[str, str]:
    if not ready.factors:
        return MISSING, "none named"
    return (MISSING, f"{len(missing)} without action") if missing else (DONE, _counted(len(ready.factors), "factor"))


def _actions(ready: Readiness, missing: list[Missing]) -> tuple[str, str]:
    if not ready.actions:
        return EMPTY, "none"
    if missing:
        return MISSING, f"{len(missing)} without owner or date"
    return DONE, _counted(len(ready.actions), "action")


def _people(ready: Readiness, missing: list[Missing]) -> tuple[str, str]:
    return (DONE, f"{ready.facilitator.person} facilitates") if ready.facilitator else (EMPTY, "no facilitator")


def _readers(ready: Readiness, missing: list[Missing]) -> tuple[str, str]:
    return OPTIONAL, "restricted" if ready.incident.visibility == "restricted" else ""


def _attachments(ready: Readiness, missing: list[Missing]) -> tuple[str, str]:
    return OPTIONAL, _counted(ready.attachments, "file") if ready.attachments else ""


def _approval(ready: Readiness, missing: list[Missing]) -> tuple[str, str]:
    if not ready.approvals:
        return (OPTIONAL, "") if ready.incident.is_published else (EMPTY, "nobody asked")
    if ready.objecting:
        return MISSING, "changes asked"
    if ready.awaited:
        approved = len(ready.approvals) - len(ready.awaited)
        return EMPTY, f"{approved} of {len(ready.approvals)} approved"
    return DONE, f"by {listed([str(one.person) for one in ready.approvals])}"


_JUDGES = {
    "facts": _facts,
    "timeline": _timeline,
    "whys": _whys,
    "factors": _factors,
    "actions": _actions,
    "attachments": _attachments,
    "participants": _people,
    "visibility": _readers,
    "approval": _approval,
}


def _counted(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"
