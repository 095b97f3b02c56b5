"""language-human-error, where nobody is named: "was accidentally deleted", "by mistake", "due to a typo".

A slip in the passive explains as little as one with a name, and points at one all the same. A change or a program
that has an effect nobody meant ("the release inadvertently doubled the load") tells how the system behaved: it stays.
"""

from .agents import OUTSIDER, THING
from .causes import does_something, stands_as_cause
from .clauses import noun_phrase, subject
from .context import is_asked, is_denied, is_possible, is_spoken_about
from .hits import Hit, woken_by
from .human_error import CODE
from .lexicon import words
from .sentences import Sentence
from .verbs import is_form, is_participle, lemma


def _is_told(sentence: Sentence, first: int, last: int) -> bool:
    """Whether it is told as having happened: not asked, denied, guarded against or only possible."""
    if sentence.is_question or is_asked(sentence, first) or is_denied(sentence, first, 5):
        return False
    return not (is_spoken_about(sentence, first, last) or is_possible(sentence, first))


def _adverb(sentence: Sentence, at: int) -> Hit | None:
    """accidentally deleted; deleted accidentally; an inadvertently applied rule."""
    verb = at + 1
    while sentence.tag(verb) == "R":
        verb += 1
    word = sentence.word(verb)
    if is_participle(word) or is_form(word, "past"):
        return _slip(sentence, at, at, verb) if _is_act(word) else None
    if sentence.tag(verb) == "G" and sentence.word(at - 1) in {"by", "of", "for", "to"} and _is_act(word):
        return Hit(CODE, at, verb, "slip") if _is_told(sentence, at, verb) else None
    verb = next((i for i in range(at - 1, max(-1, at - 8), -1) if _is_verb(sentence, i)), -1)
    if verb < 0 or not _is_act(sentence.words[verb]) or any(sentence.tags[i] in ",;." for i in range(verb, at)):
        return None
    return _slip(sentence, at, verb, at)


def _is_verb(sentence: Sentence, at: int) -> bool:
    """Whether a verb in the past or a participle: "deleted", and "set" after "was"."""
    return sentence.tags[at] in "VE" or (sentence.tag(at - 1) == "B" and is_participle(sentence.words[at]))


def _is_act(word: str) -> bool:
    base = lemma(word)
    acts = words("slips", "acts")
    return base in acts or word.removesuffix("d") in acts or word.removesuffix("ed") in acts or _ing_of(word) in acts


def _ing_of(word: str) -> str:
    if not word.endswith("ing"):
        return word
    return word[:-3] if word[:-3] in words("slips", "acts") else word[:-3] + "e"


def _slip(sentence: Sentence, at: int, first: int, last: int) -> Hit | None:
    """`at` is the adverb; its verb is the other end."""
    if not _is_told(sentence, first, last):
        return None
    verb = first if at == last else last
    helper = min(first, verb) - 1
    while sentence.tag(helper) in {"R", "N"}:
        helper -= 1
    if sentence.tag(helper) in {"B", "D"}:
        by = next((i for i in range(verb + 1, min(verb + 5, len(sentence))) if sentence.words[i] == "by"), None)
        who = noun_phrase(sentence, by + 1) if by is not None else None
        return None if who is not None and who.kind in {THING, OUTSIDER} else Hit(CODE, first, last, "slip")
    who = subject(sentence, min(first, verb))
    if who is None:
        begins = helper < 0 or sentence.tag(helper) == ";"
        return Hit(CODE, first, last, "slip") if begins or sentence.tag(helper) == "P" else None
    by_hand = lemma(sentence.words[verb]) in words("slips", "by_hand")
    return Hit(CODE, first, last, "slip") if who.is_people or by_hand or _is_bare(sentence, who.head, helper) else None


def _is_bare(sentence: Sentence, head: int, helper: int) -> bool:
    """Whether it is a headline without its "was": "IaC accidentally reverted"."""
    return sentence.kind == "heading" and head == helper


def _adjective(sentence: Sentence, at: int) -> Hit | None:
    """an accidental deletion, inadvertent changes."""
    noun = at + 1
    while noun < at + 4 and sentence.word(noun).removesuffix("s") not in words("slips", "act_nouns"):
        if sentence.tag(noun) not in {"n", "K", "E", "G"}:
            return None
        noun += 1
    if noun == at + 4 or sentence.word(noun + 1) in words("slips", "guards"):
        return None
    return Hit(CODE, at, noun, "slip") if _is_told(sentence, at, noun) else None


def _by_mistake(sentence: Sentence, at: int) -> Hit | None:
    """applied to production by mistake; removed in error."""
    if sentence.words[at] == "error" and sentence.tag(at + 1) not in {"", ".", ",", ";", "C", "P", "S", "T"}:
        return None
    if sentence.word(at - 1) != ("in" if sentence.words[at] == "error" else "by"):
        return None
    verb = next((i for i in range(at - 2, max(-1, at - 14), -1) if _is_verb(sentence, i)), -1)
    if verb < 0:
        return Hit(CODE, at - 1, at, "slip") if at == len(sentence) - 1 and _is_told(sentence, at - 1, at) else None
    if not _is_told(sentence, verb, at) or (sentence.words[at] == "error" and not _is_act(sentence.words[verb])):
        return None
    who = subject(sentence, verb)
    told = "B" in sentence.tags[verb - 2 : at] or who is None or who.is_people
    return Hit(CODE, at - 1, at, "slip") if told else None


def _typo(sentence: Sentence, at: int) -> Hit | None:
    """due to a typo; because of a copy-paste error."""
    last = at
    if sentence.words[at] in words("slips", "typing"):
        last = at + 1
        if sentence.word(last) not in words("slips", "slips"):
            return None
    if is_denied(sentence, at) or sentence.is_question:
        return None
    if sentence.words[at] in words("slips", "typos") and _is_told(sentence, at, last) and not _is_mended(sentence, at):
        return Hit(CODE, at, last, "slip")
    if not (stands_as_cause(sentence, at, last) or does_something(sentence, last)):
        return None
    return Hit(CODE, at, last, "slip")


def _is_mended(sentence: Sentence, at: int) -> bool:
    """Whether the typo is only corrected, or a user's: "fixed a typo in the README"."""
    around = sentence.words[max(0, at - 6) : at + 6]
    return not words("slips", "mending").isdisjoint(around)


def _copy_and_paste(sentence: Sentence, at: int) -> Hit | None:
    """a copy and paste error."""
    if sentence.words[at + 1 : at + 3] != ["and", "paste"] or sentence.word(at + 3) not in words("slips", "slips"):
        return None
    return Hit(CODE, at, at + 3, "slip") if _is_told(sentence, at, at + 3) else None


def _wrongly(sentence: Sentence, at: int) -> Hit | None:
    """we mistakenly thought; it was incorrectly assumed."""
    word = sentence.word(at + 1)
    if word not in words("slips", "beliefs") or not _is_told(sentence, at, at + 1):
        return None
    who = subject(sentence, at)
    impersonal = sentence.tag(at - 1) == "B" and sentence.word(at - 2) in {"it", ""}
    if who is None or not (who.is_people or impersonal):
        return None
    return Hit(CODE, at, at + 1, "belief")


def _lapse(sentence: Sentence, at: int) -> Hit | None:
    """misjudged the impact: by people, or by nobody in particular."""
    if not _is_told(sentence, at, at) or sentence.tag(at - 1) == "D":
        return None
    helper = at - 1
    while sentence.tag(helper) == "R":
        helper -= 1
    who = subject(sentence, at)
    if sentence.tag(helper) == "B":
        by = sentence.word(at + 1) == "by" and noun_phrase(sentence, at + 2)
        return None if by and not by.is_people else Hit(CODE, at, at, "belief")
    return Hit(CODE, at, at, "belief") if who is not None and who.is_people else None


LOOKS = woken_by(
    [
        (words("slips", "adverbs"), _adverb),
        (words("slips", "adjectives"), _adjective),
        (("mistake", "accident", "error"), _by_mistake),
        (words("slips", "typos") | words("slips", "typing"), _typo),
        (("copy", "cut"), _copy_and_paste),
        (words("slips", "wrongly"), _wrongly),
        (words("slips", "lapses"), _lapse),
    ]
)
