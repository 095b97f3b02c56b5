"""The checker's findings beside the text."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

from reviews.anchors import Letters
from reviews.checker.check import Checked
from reviews.checker.findings import Finding
from reviews.checker.material import Material
from reviews.live.places import is_place
from reviews.models import Dismissal, SectionKind

_LISTED = 100


@dataclass(frozen=True)
class Shown:
    """A finding as the panel shows it. `key` names it on the page and stays while its rule, place and words do;
    `before` counts its words earlier in the same text, by letters and digits alone, as static/js/editor/passages.js
    does. Only one that `is_stored` can be dismissed: the text of others is not saved yet.
    """

    finding: Finding
    key: str
    title: str
    before: int = 0
    is_stored: bool = True
    dismissal: Dismissal | None = None
    problem: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Group:
    """What is found in one part of the page."""

    title: str
    findings: list[Shown]


@dataclass(frozen=True)
class Refused:
    """A dismissal that was refused: of which finding, with what reason, and why."""

    rule: str
    place: str
    words: str
    reason: str
    problem: str


@dataclass(frozen=True)
class FindingsPanel:
    """What is found: `groups` by part, `unbegun` where nobody has written yet, and what was `dismissed`; `more` says
    how many are not listed. `problem` is why a dismissal was refused whose finding is no longer there.
    """

    groups: list[Group]
    count: int
    blocking: int
    more: int = 0
    unbegun: list[Shown] = field(default_factory=list)
    dismissed: list[Shown] = field(default_factory=list)
    problem: str = ""
    is_open: bool = False

    @property
    def in_words(self) -> str:
        """How many there are."""
        if not self.count:
            return "No findings"
        found = f"{self.count} finding{'' if self.count == 1 else 's'}"
        return f"{found}, {self.blocking} in the way of publishing" if self.blocking else found


def build_findings(
    checked: Checked,
    titles: Mapping[str, str],
    *,
    typed: Mapping[str, str] | None = None,
    unsaved: Iterable[Finding] = (),
    refused: Refused | None = None,
) -> FindingsPanel:
    """The panel about what was `checked`. `typed` are texts by place that it was checked with, `unsaved` what was found
    in forms of items that are not stored yet.
    """
    naming = _Naming(checked, typed or {}, refused)
    begun: list[Finding] = []
    unbegun: list[Finding] = []
    for finding in checked.open:
        (unbegun if _is_unbegun(finding, checked.material) else begun).append(finding)
    begun += unsaved
    by_part: dict[str, list[Shown]] = {}
    for finding in begun[:_LISTED]:
        by_part.setdefault(finding.part, []).append(naming.shown(finding))
    # What is in the way of publishing comes first.
    groups = [
        Group(titles.get(part, part), sorted(found, key=lambda one: not one.finding.blocking))
        for part, found in by_part.items()
    ]
    return FindingsPanel(
        groups=groups,
        count=len(begun),
        blocking=sum(one.blocking for one in begun),
        more=max(0, len(begun) - _LISTED),
        unbegun=[naming.shown(one) for one in sorted(unbegun, key=lambda one: not one.blocking)],
        dismissed=[naming.shown(finding, dismissal) for finding, dismissal in checked.dismissed],
        problem=refused.problem if refused and not naming.has_told else "",
        is_open=refused is not None,
    )


def _is_unbegun(finding: Finding, material: Material) -> bool:
    """Whether all it says is that something is not there yet, in a part that nobody has begun."""
    if finding.start is not None:
        return False
    begun: dict[str, bool] = {
        "timeline": bool(material.events),
        "whys": bool(material.whys),
        "factors": bool(material.factors),
        "actions": bool(material.actions),
        **{str(kind): bool(material.sections.get(kind, "").strip()) for kind in SectionKind.values},
    }
    return not begun.get(finding.part, True)


class _Naming:
    """Gives findings their keys; equal ones are counted."""

    def __init__(self, checked: Checked, typed: Mapping[str, str], refused: Refused | None) -> None:
        self._rules = checked.rules
        self._texts = {**dict(checked.material.texts()), **typed}
        self._typed = typed
        self._refused = refused
        self._letters: dict[str, Letters] = {}
        self._seen: dict[str, int] = {}
        self.has_told = False

    def shown(self, finding: Finding, dismissal: Dismissal | None = None) -> Shown:
        """The finding with what the panel says about it."""
        refused = self._refused if dismissal is None and self._is_refused(finding) else None
        self.has_told = self.has_told or refused is not None
        return Shown(
            finding,
            self._key(finding),
            self._rules.rules[finding.rule].title,
            before=self._before(finding),
            is_stored=finding.where not in self._typed or is_place(finding.where),
            dismissal=dismissal,
            problem=refused.problem if refused else "",
            reason=refused.reason if refused else "",
        )

    def _is_refused(self, finding: Finding) -> bool:
        said = self._refused
        return said is not None and (said.rule, said.place, said.words) == (finding.rule, finding.where, finding.words)

    def _key(self, finding: Finding) -> str:
        said = "\n".join((finding.rule, finding.where, finding.words)).encode("utf-8", "replace")
        key = blake2b(said, digest_size=6).hexdigest()
        self._seen[key] = turn = self._seen.get(key, 0) + 1
        return key if turn == 1 else f"{key}-{turn}"

    def _before(self, finding: Finding) -> int:
        if finding.start is None:
            return 0
        letters = self._letters.get(finding.where)
        if letters is None:
            letters = self._letters[finding.where] = Letters(self._texts.get(finding.where, ""))
        return letters.count_before(finding.text, finding.start)
