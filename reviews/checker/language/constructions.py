"""Constructions that a pattern tells: set phrases with places for words, read from lexicon/constructions/.

A pattern is a line of elements. `word` and `one|other` stand for themselves, `@list` for any word of that list, `~` for
adverbs, `..` for up to four words within the clause and `...` for up to ten, `<people>` for a noun phrase that speaks
of people, `<person>` for one that speaks of somebody in particular, `<noun>` for any, `<ing>` for a word in -ing, `!`
for the end of a noun phrase; `?` before an element lets it be absent. What the subject of the first word must be stands
beside the patterns: "people", "person", "team", "anyone" (people, or nobody named), "writer" (of an item of a list),
"opening" (none, as the word opens its clause), or the name of a list that its noun is in.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

from .agents import TEAM, THING, Agent
from .clauses import noun_phrase, phrase_ends, subject
from .context import is_asked, is_denied, is_possible, is_spoken_about, tells_the_past
from .counterfactual import CODE as COUNTERFACTUAL
from .hits import Hit, woken_by
from .lexicon import entries, words
from .sentences import Sentence, is_closed

_GAPS = {"adverbs": 4, "gap": 4, "far": 10}
_KINDS = frozenset(("people", "person", "team", "anyone", "writer", "opening"))
_PHRASES = frozenset(("people", "person", "noun"))
_MARKS = {
    "~": "adverbs",
    "..": "gap",
    "...": "far",
    "!": "end",
    "<ing>": "ing",
    "<noun>": "noun",
    "<people>": "people",
    "<person>": "person",
}


class _Element(NamedTuple):
    kind: str  # "word", "adverbs", "gap", "far", "end", "ing" or of a noun phrase: "people", "person", "noun"
    words: frozenset[str] = frozenset()
    is_optional: bool = False


class _Construction(NamedTuple):
    rule: str
    say: str
    subjects: tuple[str, ...]
    elements: tuple[_Element, ...]
    anchor: int
    needs: tuple[frozenset[str], ...]  # of each of these, the sentence must hold a word
    may_be_planned: bool
    may_be_asked: bool
    is_of_past: bool


def _look(construction: _Construction, sentence: Sentence, at: int) -> Hit | None:
    elements, anchor = construction.elements, construction.anchor
    if any(words.isdisjoint(sentence.words_held) for words in construction.needs):
        return None
    last = next(_along(elements[anchor + 1 :], sentence, at, 1), None)
    first = next(_along(elements[:anchor][::-1], sentence, at, -1), None)
    if first is None or last is None or not _is_told(sentence, first, construction.may_be_asked):
        return None
    if construction.rule != COUNTERFACTUAL and is_spoken_about(sentence, first, last):
        return None
    if is_possible(sentence, first) and not construction.may_be_planned:
        return None
    if construction.is_of_past and not tells_the_past(sentence):
        return None
    who = subject(sentence, first) if construction.subjects else None
    if construction.subjects and not any(_is_subject(sentence, who, first, wanted) for wanted in construction.subjects):
        return None
    if who is not None and 0 < first - who.last < 4 and first - who.first < 14 and who.is_people:
        first = who.first
    return Hit(construction.rule, first, last, construction.say)


def _along(elements: tuple[_Element, ...], sentence: Sentence, at: int, step: int) -> Iterator[int]:
    """Where the elements end when they follow the word `at` in the direction of `step`, the shortest way first."""
    if not elements:
        yield at
        return
    element, rest = elements[0], elements[1:]
    if element.kind in _PHRASES:
        for last in _phrase_ends(element.kind, sentence, at + 1):
            yield from _along(rest, sentence, last, step)
        return
    if element.kind == "end":
        if sentence.tag(at + 1) not in {"n", "K", "G"}:
            yield from _along(rest, sentence, at, step)
        return
    if element.is_optional or element.kind in _GAPS:
        yield from _along(rest, sentence, at, step)
    if element.kind in _GAPS:
        for taken in range(1, _GAPS[element.kind] + 1):
            tag = sentence.tag(at + step * taken)
            if not tag or (tag not in "RQ" if element.kind == "adverbs" else tag in ',;.("'):
                return
            yield from _along(rest, sentence, at + step * taken, step)
    elif _fits(element, sentence, at + step):
        yield from _along(rest, sentence, at + step, step)


def _phrase_ends(kind: str, sentence: Sentence, at: int) -> Iterator[int]:
    """Where a noun phrase of this kind ends, without and with what hangs on it: "an engineer (of ours)"."""
    who = noun_phrase(sentence, at)
    if who is None or (kind == "people" and not who.is_people) or (kind == "person" and not who.is_individual):
        return
    yield from phrase_ends(sentence, who)


def _fits(element: _Element, sentence: Sentence, at: int) -> bool:
    return sentence.tag(at) == "G" if element.kind == "ing" else sentence.word(at) in element.words


def _is_told(sentence: Sentence, first: int, may_be_asked: bool) -> bool:
    if sentence.in_quotes[first] or is_denied(sentence, first, 4):
        return False
    return may_be_asked or not is_asked(sentence, first)


def _is_subject(sentence: Sentence, who: Agent | None, verb: int, wanted: str) -> bool:
    if wanted in {"people", "anyone", "writer"} and _begins(sentence, verb):
        return True
    if wanted == "opening":
        return verb == 0 or sentence.tags[verb - 1] in ";,"
    if who is None:
        return wanted == "anyone"
    if wanted in {"person", "team"}:
        return who.is_individual if wanted == "person" else who.kind == TEAM
    if wanted in _KINDS:
        return who.is_people and wanted != "writer"
    return who.kind == THING and sentence.words[who.head] in words("constructions/lists", wanted)


def _begins(sentence: Sentence, at: int) -> bool:
    """Whether the writer is meant, who begins an item of a list with the verb: "- Took too long to escalate"."""
    return at == 0 and sentence.kind in {"item", "cell"}


def _element(told: str) -> _Element:
    optional, told = told[0] == "?", told.removeprefix("?")
    kind = _MARKS.get(told)
    if kind is not None:
        return _Element(kind)
    any_of = (words("constructions/lists", one[1:]) if one[0] == "@" else {one} for one in told.split("|"))
    return _Element("word", frozenset().union(*any_of), optional)


def _anchor(elements: tuple[_Element, ...]) -> int:
    """The element that wakes the look: the least common one before any noun phrase, as those are only read onwards."""
    before = next((index for index, one in enumerate(elements) if one.kind in _PHRASES), len(elements))
    may = [index for index, one in enumerate(elements[:before]) if _is_needed(one)]
    return min(may, key=lambda index: sum(_commonness(word) for word in elements[index].words))


def _is_needed(element: _Element) -> bool:
    return element.kind == "word" and not element.is_optional


def _commonness(word: str) -> int:
    return (1000 if word in words("constructions/lists", "frequent") else 100) if is_closed(word) else 1


def patterns() -> Iterator[tuple[str, dict[str, Any], str]]:
    """Every pattern with the rule it is of and the entry it stands in. A line may be broken after a "|"."""
    for name in ("person-as-cause", "human-error", "counterfactual", "judgement", "hindsight"):
        for group in entries(f"constructions/{name}"):
            for told in group["patterns"]:
                yield f"language-{name}", group, told.replace("| ", "|")


def _construction(rule: str, group: dict[str, Any], told: str) -> _Construction:
    elements = tuple(_element(part) for part in told.split())
    anchor = _anchor(elements)
    return _Construction(
        rule,
        group["say"],
        tuple(group.get("subject", "").split()),
        elements,
        anchor,
        needs=tuple(one.words for index, one in enumerate(elements) if _is_needed(one) and index != anchor),
        may_be_planned=group.get("planned", False),
        may_be_asked=group.get("asked", False),
        is_of_past=group.get("past", False),
    )


LOOKS = woken_by(
    (construction.elements[construction.anchor].words, partial(_look, construction))
    for construction in (_construction(*told) for told in patterns())
)
