"""Whether an answer ends in a person, or in people trying harder, instead of in something that can be changed.

What counts is how it ends: its last sentence, and of that what a "because" leads to. Whoever did as a runbook says, or
had no way to see it, is not where it ends; nor is what people can do, may do or do every day.
"""

import re
from collections.abc import Iterable

from reviews.checker.language.agents import NOBODY, PERSON, TEAM, WE, Agent
from reviews.checker.language.clauses import noun_phrase, subject
from reviews.checker.language.prose import passages
from reviews.checker.language.sentences import Sentence, sentences
from reviews.checker.language.verbs import is_form, is_participle, lemma
from reviews.checker.wordlists import any_of, finder, wordlists

_LAST = 2_000  # characters of an answer in which its end lies
_PEOPLE, _CARE = wordlists("people"), wordlists("care")
_CAUSE = finder(*_PEOPLE["nouns"])
_CAUSED = re.compile(
    r"[\s>*_“\"'(-]{0,6}(?:(?:it|this|that|there|the (?:root )?cause|the reason) (?:was|is|were) )?"
    r"(?:simply |just |purely |basically )?(?:due to |because of |caused by )?"
    r"(?:(?:a|an|the|some|simple|pure|plain) ){0,2}"
    rf"(?P<words>{any_of(_PEOPLE['nouns'])})(?=\W*$|\W+(?:by|of|on|during|when|while|made|led|caused)\b"
    r"|\W+(?:in|at|with|from) (?:[\w-]{1,30} ?){1,4}\W*$)",
    re.IGNORECASE,
)
_ASKED = any_of(_CARE["asked"])
_CARED = re.compile(
    rf"\A[\s>*_“\"'(-]{{0,6}}(?:please |we |people |everyone |engineers )?(?P<asked>{_ASKED})"
    r"|\b(?:should|must|needs? to|needed to|ha(?:s|ve|d) to|ought to|supposed to|will)"
    rf"(?: (?:not|have|always|all|just|simply|also)){{0,2}} (?P<urged>{_ASKED})"
    rf"|(?P<lacked>{any_of(_CARE['lacked'])})",
    re.IGNORECASE,
)
_TOLD = finder(*_PEOPLE["told"])
_STATES, _SLIPS = set(_PEOPLE["states"]), set(_PEOPLE["slips"])
_NEUTRAL, _UNAWARE = set(_PEOPLE["conditions"]), set(_PEOPLE["unaware"])
_LEADS_ON = {"because", "since", "due", "owing", "which", ";"}

Span = tuple[int, int]


def ends_in_care(answer: str) -> Span | None:
    """Where the answer ends in being more careful."""
    last = _last_sentence(answer)
    if last is None:
        return None
    words, offset = _written(last, answer)
    found = _CARED.search(words)
    group = found and next(name for name, value in found.groupdict().items() if value)
    return (offset + found.start(group), offset + found.end(group)) if found and group else None


def ends_in_person(answer: str, people: Iterable[str] = ()) -> Span | None:
    """Where the answer ends in a person; `people` are names of persons it may speak of."""
    last = _last_sentence(answer, people)
    if last is None:
        return None
    words, offset = _written(last, answer)
    begin = _after_because(last)
    for at in (0, begin):
        found = _CAUSED.match(words, last.starts[at] - offset)
        if found and not any(is_form(word, "present") for word in words[found.end() :].lower().split()):
            return offset + found.start("words"), offset + found.end("words")
    if _TOLD.search(words):
        return None
    return _acting(last, begin) or _done_by(last, begin)


def _last_sentence(answer: str, people: Iterable[str] = ()) -> Sentence | None:
    """The last one with words in it; of a long answer, of its last part."""
    shift = max(0, len(answer) - _LAST)
    names = frozenset(part for name in people for part in name.split() if len(part) > 1)
    last = None
    for passage in passages(answer[shift:]):
        for sentence in sentences(passage, names):
            if any(word[0].isalpha() for word in sentence.words):
                last = sentence
    if last is not None and shift:
        last.starts = [start + shift for start in last.starts]
        last.ends = [end + shift for end in last.ends]
    return last


def _written(sentence: Sentence, answer: str) -> tuple[str, int]:
    return answer[sentence.starts[0] : sentence.ends[-1]], sentence.starts[0]


def _after_because(sentence: Sentence) -> int:
    """The word at which that begins which the sentence gives as the reason; 0 where it gives none."""
    for at in range(len(sentence) - 2, 0, -1):
        word = sentence.words[at]
        is_reason = word in _LEADS_ON or (word in {"as", "so", "where"} and sentence.word(at - 1) == ",")
        if is_reason or sentence.tag(at) == ";":
            return min(at + (2 if sentence.word(at + 1) in {"to", "of"} else 1), len(sentence) - 1)
    return 0


def _acting(sentence: Sentence, begin: int) -> Span | None:
    """The first verb after `begin` that has people for its subject, if it tells what they once did."""
    for at in range(begin, len(sentence)):
        if sentence.tags[at] not in "VEMBHO" or sentence.in_quotes[at]:
            continue
        who = subject(sentence, at)
        if who is None:
            continue
        if who.kind not in (PERSON, TEAM, WE, NOBODY) and sentence.words[who.head] != "they":
            return None
        end = _slip(sentence, at, who) if who.kind != PERSON else _deed(sentence, at)
        return (sentence.starts[who.first], sentence.ends[end]) if end else None
    return None


def _deed(sentence: Sentence, at: int) -> int:
    """The last word of what a person once did or was; 0 where it tells of what they may, must or cannot do."""
    tag, after = sentence.tags[at], _next(sentence, at + 1)
    word = sentence.word(after)
    if tag == "M":
        return after if word == "have" and sentence.words[at] in {"should", "could", "would", "might"} else 0
    if tag == "B":
        return after if word in _STATES and sentence.words[at] in {"was", "were", "been"} else 0
    if tag == "H":
        further = sentence.word(_next(sentence, after))
        return after if is_participle(word) and word not in {"been", "had"} and further not in {"to"} else 0
    if tag == "O":
        return after if sentence.words[at] == "did" and lemma(word) not in _NEUTRAL else 0
    return at if lemma(sentence.words[at]) not in _NEUTRAL and sentence.words[at] not in _NEUTRAL else 0


def _slip(sentence: Sentence, at: int, who: Agent) -> int:
    """Of a group, or of nobody: only what is said as a slip."""
    tag, after = sentence.tags[at], _next(sentence, at + 1)
    if tag == "M":
        return after if sentence.word(after) == "have" and sentence.words[at] in {"should", "could"} else 0
    if tag == "B":
        return (
            after if sentence.word(after) in _STATES - {"new", "busy"} and sentence.words[at] in {"was", "were"} else 0
        )
    if tag == "O" and sentence.words[at] == "did":
        return after if lemma(sentence.word(after)) in _UNAWARE else 0
    verb = after if tag == "H" and is_participle(sentence.word(after)) else at
    base = lemma(sentence.words[verb])
    if who.kind == NOBODY:
        return verb if base in _UNAWARE and sentence.tags[verb] in "VE" else 0
    made = base == "make" and {"mistake", "error", "slip"} & set(sentence.words[verb : verb + 5])
    return verb if base in _SLIPS or made else 0


def _done_by(sentence: Sentence, begin: int) -> Span | None:
    """ "was deleted by the engineer"; not what is done by people every day."""
    for at in range(max(begin, 1), len(sentence) - 1):
        if sentence.words[at] != "by" or not (sentence.tags[at - 1] in "EV" or is_participle(sentence.words[at - 1])):
            continue
        who = noun_phrase(sentence, at + 1)
        once = {"was", "were", "been"} & set(sentence.words[max(0, at - 6) : at])
        if who is not None and who.kind == PERSON and once and sentence.tag(who.last + 1) not in {"p", "n"}:
            return sentence.starts[at - 1], sentence.ends[who.last]
    return None


def _next(sentence: Sentence, at: int) -> int:
    """The next word that is no adverb and no "not"."""
    while sentence.tag(at) in {"R", "N"}:
        at += 1
    return at
