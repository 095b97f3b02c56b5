"""The category of cause that a text speaks of most clearly, judged by its turns of phrase and where they stand."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from reviews.importing.cause_vocabulary import HINT_PATTERNS, PHRASE_PATTERNS
from reviews.importing.named_things import names_software

_PHRASE, _HINT = 2.0, 0.5
_ENOUGH, _LEAD, _LOUD = 1.8, 1.15, 6.0
_LONGEST = 8000
# What people name beside the cause, as what let it last: by itself it seldom is the cause.
_PRIOR = {"observability": 0.4, "environment-parity": 0.6, "ownership-knowledge": 0.7}
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
    scores: dict[str, float] = defaultdict(float)
    causes, summary, rest = (_words(text) for text in (texts.causes, texts.summary, texts.rest))
    untold = 1.0 if not causes.strip() else 0.4
    because, because_in_rest = causal_sentences(summary), causal_sentences(rest)
    places = (
        (texts.title, 1.5, 4.0),
        (causes, 1.0, 12.0),
        (because, 1.0, 8.0),
        (summary, 0.6, 6.0),
        (because_in_rest, untold, 6.0),
        (rest, 0.4 * untold, 3.0),
        (_opening(causes or because or because_in_rest), 0.5, 4.0),
    )
    for text, weight, most in places:
        for slug in PHRASE_PATTERNS:
            scores[slug] += min(most, weight * _amount(slug, text[:_LONGEST], texts.own)) * _PRIOR.get(slug, 1.0)
    return scores


def _opening(text: str) -> str:
    """The first sentence: what began it is told before what followed from it."""
    return _SENTENCES.split(text.strip(), maxsplit=1)[0][:400]


def _words(text: str) -> str:
    """The text, as far as it is read, without what is markup or an address."""
    return re.sub(r"[`*]|\]\([^()\s]*\)|<?https?://\S+", " ", text[:20_000])


def _amount(slug: str, text: str, own: str) -> float:
    phrases = {match[0].lower(): _share(slug, match, own) for match in PHRASE_PATTERNS[slug].finditer(text)}
    if slug == "dependency":  # a bug in what somebody else made is in part theirs
        bugs = PHRASE_PATTERNS["code-change"].finditer(text)
        phrases |= {bug[0].lower(): 1 - share for bug in bugs if (share := _share("code-change", bug, own)) < 1}
    hints = {match[0].lower() for match in HINT_PATTERNS[slug].finditer(text)} if slug in HINT_PATTERNS else set()
    return _PHRASE * sum(phrases.values()) + _HINT * len(hints)


def _share(slug: str, match: re.Match[str], own: str) -> float:
    """How far a phrase counts: a bug beside the name of another's product is partly theirs, one's own outage none."""
    if slug == "code-change":
        around = match.string[max(0, match.start() - 60) : match.end() + 60]
        return 0.75 if names_software(around) else 1.0
    return 0.0 if slug == "dependency" and own and own.casefold() in match[0].casefold() else 1.0


def causal_sentences(text: str) -> str:
    """The sentences of a text that say outright why."""
    return " ".join(sentence for sentence in _SENTENCES.split(text) if _CAUSED.search(sentence[:1500]))
