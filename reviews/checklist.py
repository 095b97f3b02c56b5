"""The checklist of a review: every part with how far it is, told by what is there and ticked by nobody."""

from dataclasses import dataclass

from reviews.checker.findings import Finding
from reviews.models import SectionKind
from reviews.readiness import Readiness, listed

BLOCKS, MISSING, EMPTY, DONE, OPTIONAL = "blocks", "missing", "empty", "done", "optional"


@dataclass
class Entry:
    """A part with its `mark`: "done"; "blocks" publishing; "missing" what the checker warns of; "empty" as yet;
    "optional", which is not counted. `words` say the same and more.
    """

    name: str
    title: str
    mark: str
    words: str = ""
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


def judged(name: str, title: str, ready: Readiness, findings: list[Finding]) -> Entry:
    """How far the part `name` is; `findings` are those in it. Advice, and how something is worded, leave it done."""
    serious = [one for one in findings if one.severity != "advice" and not one.rule.startswith("language-")]
    if name in SectionKind.values:
        mark, words = _section(name, ready)
    elif name in _JUDGES:
        mark, words = _JUDGES[name](ready, serious)
    else:
        mark, words = OPTIONAL, ""
    if any(one.blocking for one in findings):
        mark, words = BLOCKS, "needed to publish" if mark != DONE else "in the way of publishing"
    return Entry(name, title, mark, words)


def discussed(ready: Readiness) -> Entry | None:
    """Whether every comment is settled; None where nobody commented."""
    if not ready.threads:
        return None
    mark, words = (EMPTY, f"{ready.open_threads} open") if ready.open_threads else (DONE, "all resolved")
    return Entry("comments", "Comments", mark, words, anchor=f"comment-{ready.first_comment}")


def _section(kind: str, ready: Readiness) -> tuple[str, str]:
    if kind in ready.written:
        return DONE, ""
    return (EMPTY, "empty") if ready.wording[kind].is_expected else (OPTIONAL, "optional")


def _facts(ready: Readiness, serious: list[Finding]) -> tuple[str, str]:
    incident = ready.incident
    known = {"severity": incident.severity, "time": incident.occurred_at, "services": ready.holds.services}
    lacking = [f"no {name}" for name, value in known.items() if not value]
    return (EMPTY, listed(lacking)) if lacking else (DONE, "")


def _timeline(ready: Readiness, serious: list[Finding]) -> tuple[str, str]:
    if not ready.holds.events:
        return (MISSING if serious else EMPTY), "no events"
    return _held(len(ready.holds.events), "event", serious)


def _whys(ready: Readiness, serious: list[Finding]) -> tuple[str, str]:
    if not ready.holds.whys:
        return EMPTY, "empty"
    if not serious and not any(why.is_root_cause for why in ready.holds.whys):
        return EMPTY, "no root cause"
    return _held(len(ready.holds.whys), "why", serious)


def _factors(ready: Readiness, serious: list[Finding]) -> tuple[str, str]:
    if not ready.holds.factors:
        return (MISSING if serious else EMPTY), "none named"
    return _held(len(ready.holds.factors), "factor", serious)


def _actions(ready: Readiness, serious: list[Finding]) -> tuple[str, str]:
    if not ready.holds.actions:
        return EMPTY, "none"
    return _held(len(ready.holds.actions), "action", serious)


def _held(count: int, thing: str, serious: list[Finding]) -> tuple[str, str]:
    """Done with so many, unless the checker warns: of one thing in its words, of several by how many places."""
    if not serious:
        return DONE, _counted(count, thing)
    said = {_SHORT.get(one.rule, "to look at") for one in serious}
    places = len({one.where for one in serious})
    words = said.pop() if len(said) == 1 else "to look at"
    return MISSING, words if words in _OF_THE_WHOLE else f"{places} {words}"


_OF_THE_WHOLE = {"no detection", "no root cause"}
_SHORT = {
    "timeline-no-detection": "no detection",
    "timeline-out-of-order": "out of order",
    "timeline-before-impact": "before the impact",
    "analysis-no-root-cause": "no root cause",
    "analysis-ends-in-person": "ending in a person",
    "analysis-ends-in-care": "ending in more care",
    "analysis-factor-without-action": "without action",
    "actions-no-owner": "without owner or date",
    "actions-no-due-date": "without owner or date",
    "actions-vague": "vague",
}


def _people(ready: Readiness, serious: list[Finding]) -> tuple[str, str]:
    facilitator = ready.holds.facilitator
    return (DONE, f"{facilitator} facilitates") if facilitator else (EMPTY, "no facilitator")


def _readers(ready: Readiness, serious: list[Finding]) -> tuple[str, str]:
    return OPTIONAL, "restricted" if ready.incident.visibility == "restricted" else ""


def _attachments(ready: Readiness, serious: list[Finding]) -> tuple[str, str]:
    return OPTIONAL, _counted(ready.attachments, "file") if ready.attachments else ""


def _approval(ready: Readiness, serious: list[Finding]) -> tuple[str, str]:
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
