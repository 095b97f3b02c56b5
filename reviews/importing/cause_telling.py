"""The category of cause that a text speaks of most clearly, judged by its turns of phrase and where they stand."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from reviews.importing.cause_vocabulary import HINT_PATTERNS, PHRASE_PATTERNS
from reviews.importing.named_things import names_software

_PHRASE, _HINT = 2.0, 0.5
_ENOUGH, _LEAD, _LOUD = 1.8, 1.15, 6.0
_LONGEST = 8000
# What people name beside the cause, as what let it last: by itself it seldom is the cause.
_PRIOR = {"observability": 0.3, "environment-parity": 0.6, "ownership-knowledge": 0.7}
_SENTENCES = re.compile(r"(?<=[.!?])\s+|\n\s*\n|\n(?=\s*[-*+]\s)")
_CAUSED = re.compile(
    r"^\W*why\b|\b(?:root cause (?:of [^.]{0,80}? )?(?:was|is|were)|(?:was|were|is) (?:\w+ )?caused by|(?:was"
    r"|were) (?:a )?(?:direct )?(?:result|consequence) of"
    r"|(?:was|were) (?:\w+ )?(?:triggered|provoked|brought down) by|caused by|due to|because(?: of)?|resulted from"
    r"|the cause (?:was|of)|led to|(?:root|underlying) cause|as a (?:result|consequence)|causing|caused|cause of"
    r"|(?:began|begun|started|occurred|happened|starts|happens) (?:when|after|following|immediately|because|during)"
    r"|triggered"
    r"|(?:problem|issue|reason|error) (?:was|is) (?:that|an?|the)|mean(?:t|ing) that|result(?:ed|ing) in|this meant"
    r"|why"
    r"|(?:which|this|that) (?:in turn )?caused|the culprit|turned out|traced (?:back )?to)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class CauseTexts:
    """What a write-up says: its title, its telling of the cause, its summary, the rest."""

    title: str
    causes: str
    summary: str
    rest: str
    own: str = ""  # whose text it is


def told_cause(texts: CauseTexts, tagged: list[str]) -> list[str]:
    """The one category that leads clearly, or none: a guess is worse than a gap.

    Tags given to the whole text hold unless it speaks of something else far more.
    """
    scores = scores_of(texts)
    if tagged:
        first, most = max(scores.items(), key=lambda scored: scored[1])
        heard = max(scores[slug] for slug in tagged)
        return [first] if most >= _LOUD and most >= heard * 3 else tagged
    ranked = sorted(scores.items(), key=lambda scored: -scored[1])[:2]
    (first, most), (_, second) = ranked
    return [first] if most >= _ENOUGH and most >= second * _LEAD else []


def scores_of(texts: CauseTexts) -> dict[str, float]:
    """How much the text speaks of each category."""
    scores = dict.fromkeys(PHRASE_PATTERNS, 0.0)
    title, causes, summary, rest = (
        _Read(text, texts.own) for text in (texts.title, texts.causes, texts.summary, texts.rest)
    )
    untold = 1.0 if not causes.text.strip() else 0.4
    told = causes if causes.text.strip() else summary if summary.why else rest
    places = (
        (title, None, 1.5, 4.0),
        (causes, None, 1.0, 12.0),
        (summary, summary.why, 1.0, 8.0),
        (summary, None, 0.6, 6.0),
        (rest, rest.why, untold, 6.0),
        (rest, None, 0.4 * untold, 3.0),
        (told, told.opening(told.sentences if told is causes else told.why), 0.5, 4.0),
    )
    for read, within, weight, most in places:
        for slug, amount in read.amounts(within).items():
            scores[slug] += min(most, weight * amount) * _PRIOR.get(slug, 1.0)
    return scores


class _Read:
    """A text with the phrases and hints in it, and the stretches of it that say outright why."""

    def __init__(self, text: str, own: str) -> None:
        self.text = _words(text).lower()
        self.sentences = list(_sentences(self.text))
        self.why = [
            (start, end) for start, end in self.sentences if _CAUSED.search(self.text[start : min(end, start + 1500)])
        ]
        self.found: list[tuple[int, str, str, float]] = []  # where, which category, the words, how far they count
        for slug, pattern in PHRASE_PATTERNS.items():
            for match in pattern.finditer(self.text):
                share = _share(slug, match, own)
                self.found.append((match.start(), slug, match[0], _PHRASE * share))
                if slug == "code-change" and share < 1:  # a bug in what somebody else made is in part theirs
                    self.found.append((match.start(), "dependency", match[0], _PHRASE * (1 - share)))
        for slug, pattern in HINT_PATTERNS.items():
            self.found += [(m.start(), slug, f"~{m[0]}", _HINT) for m in pattern.finditer(self.text)]

    @staticmethod
    def opening(stretches: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """The first of them: what began it is told before what followed from it."""
        return [(start, min(end, start + 400)) for start, end in stretches[:1]]

    def amounts(self, within: list[tuple[int, int]] | None) -> dict[str, float]:
        """How much is said of each category, in all of the text or in these stretches; the same words count once."""
        words: dict[tuple[str, str], float] = {}
        for at, slug, phrase, worth in self.found:
            if within is None or any(start <= at < end for start, end in within):
                words[slug, phrase] = worth
        amounts: dict[str, float] = defaultdict(float)
        for (slug, _), worth in words.items():
            amounts[slug] += worth
        return amounts


def _words(text: str) -> str:
    """The text, as far as it is read, without what is markup or an address."""
    return re.sub(r"[`*]|\]\([^()\s]*\)|<?https?://\S+", " ", text[:20_000])[:_LONGEST]


def _share(slug: str, match: re.Match[str], own: str) -> float:
    """How far a phrase counts: a bug beside the name of another's product is partly theirs, one's own outage none."""
    if slug == "code-change":
        around = match.string[max(0, match.start() - 60) : match.end() + 60]
        return 0.75 if names_software(around) else 1.0
    return 0.0 if slug == "dependency" and own and own.casefold() in match[0].casefold() else 1.0


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for between in _SENTENCES.finditer(text):
        yield start, between.start()
        start = between.end()
    yield start, len(text)
