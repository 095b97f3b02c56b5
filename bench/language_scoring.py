"""Scores findings of the language rules against labelled sentences, and the verdicts of a reader on found words."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

FINE = "fine"
NOT_FINE = "not fine"
RULES = [
    "language-person-as-cause",
    "language-human-error",
    "language-counterfactual",
    "language-judgement",
    "language-hindsight",
]
HALVES = ["tuning", "reserve"]


@dataclass(frozen=True)
class Label:
    """A labelled sentence: where it stands, which rules a reader calls it for (none where it is fine)."""

    file: str
    start: int
    end: int
    half: str
    rules: frozenset[str]


@dataclass(frozen=True)
class Found:
    """The words that a rule stopped at."""

    file: str
    start: int
    end: int
    rule: str

    def overlaps(self, start: int, end: int) -> bool:
        """Whether at least one character is shared."""
        return self.start < end and start < self.end


@dataclass(frozen=True)
class Score:
    """Counts of sentences: labelled, found, and both."""

    labelled: int
    found: int
    both: int

    @property
    def precision(self) -> float | None:
        """Of what was found, the part that is labelled so; None where nothing was found."""
        return self.both / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        """Of what is labelled so, the part that was found; None where nothing is."""
        return self.both / self.labelled if self.labelled else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall."""
        total = self.found + self.labelled
        return 2 * self.both / total if total else None

    def figures(self) -> dict[str, float | int | None]:
        """For JSON, rounded to a thousandth."""
        ratios = {"precision": self.precision, "recall": self.recall, "f1": self.f1}
        rounded = {name: None if ratio is None else round(ratio, 3) for name, ratio in ratios.items()}
        return {"labelled": self.labelled, "found": self.found, "both": self.both, **rounded}


def rules_at(label: Label, findings: Iterable[Found]) -> frozenset[str]:
    """The rules that stopped in the sentence."""
    return frozenset(
        found.rule for found in findings if found.file == label.file and found.overlaps(label.start, label.end)
    )


def score(labels: Sequence[Label], found: Sequence[frozenset[str]]) -> dict[str, Score]:
    """One score a rule, and one for "not fine": any rule labelled against any rule found, be it another."""
    pairs = list(zip(labels, found, strict=True))
    scores = {
        NOT_FINE: Score(
            sum(bool(label.rules) for label in labels),
            sum(bool(rules) for rules in found),
            sum(bool(label.rules and rules) for label, rules in pairs),
        )
    }
    for rule in RULES:
        scores[rule] = Score(
            sum(rule in label.rules for label in labels),
            sum(rule in rules for rules in found),
            sum(rule in label.rules and rule in rules for label, rules in pairs),
        )
    return scores


def kappa(first: Sequence[bool], second: Sequence[bool]) -> float:
    """Cohen's kappa of two readers on a yes-or-no question: agreement beyond what chance would give."""
    count = len(first)
    agreed = sum(a == b for a, b in zip(first, second, strict=True)) / count
    yes_first, yes_second = sum(first) / count, sum(second) / count
    chance = yes_first * yes_second + (1 - yes_first) * (1 - yes_second)
    return 1.0 if chance == 1 else (agreed - chance) / (1 - chance)


@dataclass(frozen=True)
class Reading:
    """A reader's verdicts on findings of the whole corpus, and what follows for all findings.

    `upper` is the end of the 95 % interval (Wilson's), scaled from the findings read to all findings.
    """

    sentences: int
    findings: int
    read: int
    false_alarms: int

    @property
    def per_sentence(self) -> float | None:
        """Estimated false alarms a sentence; None before anything was read."""
        return self._scaled(self.false_alarms / self.read) if self.read else None

    @property
    def upper(self) -> float | None:
        """No more than this, with 95 % confidence; where all findings were read there is nothing to estimate."""
        if not self.read or self.read == self.findings:
            return self.per_sentence
        return self._scaled(wilson_upper(self.false_alarms, self.read))

    def _scaled(self, share: float) -> float:
        return share * self.findings / self.sentences if self.sentences else 0.0


def wilson_upper(hits: int, tries: int, z: float = 1.96) -> float:
    """The upper end of Wilson's interval for a share."""
    share = hits / tries
    centre = share + z * z / (2 * tries)
    spread = z * math.sqrt(share * (1 - share) / tries + z * z / (4 * tries * tries))
    return (centre + spread) / (1 + z * z / tries)


def read(findings: Sequence[Found], verdicts: Iterable[dict[str, Any]], sentences: int) -> Reading:
    """A finding counts as read where a verdict on the same rule overlaps it; other verdicts are left."""
    known = [
        (Found(verdict["file"], verdict["start"], verdict["end"], verdict["rule"]), verdict["verdict"])
        for verdict in verdicts
    ]
    judged = [judgement for found in findings if (judgement := _verdict_on(found, known)) is not None]
    return Reading(sentences, len(findings), len(judged), judged.count("false alarm"))


def _verdict_on(found: Found, known: Iterable[tuple[Found, str]]) -> str | None:
    for place, verdict in known:
        if (place.file, place.rule) == (found.file, found.rule) and found.overlaps(place.start, place.end):
            return verdict
    return None
