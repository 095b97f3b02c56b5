"""The language rules: words that close an inquiry, told by grammar and lexicon. No database, no network, no model.

A text is read as prose (prose.py), cut into sentences and words (sentences.py). Only a word that wakes a rule
(hits.py) makes it look at the sentence, so that plain prose costs little more than its cutting; the rules then ask
who the subject is (clauses.py, agents.py) and what stands around (context.py). What needs no more than that is told by
patterns in lexicon/constructions/ (constructions.py); the other modules hold what takes more than a pattern to tell.
Every look is bounded by the length of a sentence, so the time grows with the text and no faster.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from ..findings import Finding
from ..rulebook import RuleBook, usual_rules
from . import (
    accidents,
    blame,
    conditions,
    constructions,
    counterfactual,
    destruction,
    hindsight,
    human_error,
    judgement,
    omissions,
    person_as_cause,
    poor_work,
    slips,
    told_as_cause,
)
from .hits import Hit, Look
from .lexicon import entries
from .own_words import key_of, spans
from .prose import passages
from .sentences import Sentence, sentences

_RULES = (
    person_as_cause,
    accidents,
    blame,
    told_as_cause,
    destruction,
    human_error,
    slips,
    counterfactual,
    conditions,
    omissions,
    judgement,
    poor_work,
    hindsight,
    constructions,
)
# Where findings overlap, the more specific rule wins.
_RANK = {
    rule.CODE: rank for rank, rule in enumerate((person_as_cause, human_error, counterfactual, judgement, hindsight))
}


class _Found(NamedTuple):
    rule: str
    start: int
    end: int
    message: str
    suggestion: str


def check_text(text: str, rules: RuleBook | None = None, people: Iterable[str] = ()) -> list[Finding]:
    """What the language rules find in a Markdown text, in order; `people` are names of persons it may speak of.

    The findings have no place (`where` is ""): who knows where the text stands sets it.
    """
    book = rules if rules is not None else usual_rules()
    found = [*_look_through(text, _name_parts(people)), *_own_words(text, book)]
    on = [one for one in found if one.rule in book.rules and book.rules[one.rule].is_on]
    fine = spans(book.fine_words, text)
    if fine:
        on = [one for one in on if not any(one.start < end and start < one.end for start, end in fine)]
    return [_finding(text, one, book) for one in _without_overlaps(on)]


def _finding(text: str, found: _Found, book: RuleBook) -> Finding:
    rule = book.rules[found.rule]
    return Finding(
        rule=found.rule,
        severity=rule.severity,
        where="",
        message=found.message,
        suggestion=found.suggestion,
        start=found.start,
        end=found.end,
        text=text[found.start : found.end],
        blocking=rule.blocking,
    )


def _name_parts(people: Iterable[str]) -> frozenset[str]:
    return frozenset(part for name in people for part in name.split() if len(part) > 1)


def _look_through(text: str, people: frozenset[str]) -> Iterator[_Found]:
    looks, says = _looks(), entries("says")
    for passage in passages(text):
        for sentence in sentences(passage, people):
            for index, word in enumerate(sentence.words):
                if word in looks:
                    for look in looks[word]:
                        hit = look(sentence, index)
                        if hit is not None:
                            yield _placed(sentence, hit, says[hit.say])


def _placed(sentence: Sentence, hit: Hit, says: dict[str, str]) -> _Found:
    return _Found(hit.rule, sentence.starts[hit.first], sentence.ends[hit.last], says["message"], says["suggestion"])


@cache
def _looks() -> dict[str, tuple[Look, ...]]:
    looks: dict[str, tuple[Look, ...]] = {}
    for rule in _RULES:
        for word, more in rule.LOOKS.items():
            looks[word] = (*looks.get(word, ()), *more)
    return looks


def _own_words(text: str, book: RuleBook) -> Iterator[_Found]:
    if not book.own_words:
        return
    says = entries("says")["own-words"]
    phrases = tuple(own.words for own in book.own_words)
    for passage in passages(text):
        for start, end in spans(phrases, passage.text):
            words = passage.text[start:end]
            own = next((own for own in book.own_words if key_of(own.words).fullmatch(words)), None)
            if own is not None:
                suggestion = own.suggestion or says["suggestion"]
                yield _Found(own.code, passage.start + start, passage.start + end, says["message"], suggestion)


def _without_overlaps(found: list[_Found]) -> list[_Found]:
    """Of findings that overlap, the one an organisation asked for, else of the more specific rule, else the longer."""
    kept: list[_Found] = []
    own = entries("says")["own-words"]["message"]
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if kept and one.start < kept[-1].end:
            best = min(kept[-1], one, key=lambda one: (one.message != own, _RANK.get(one.rule, 9), one.start - one.end))
            kept[-1] = best
        else:
            kept.append(one)
    return kept
