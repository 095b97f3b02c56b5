"""language-judgement: words that judge people, or how they worked."""

from .agents import PERSON, TEAM, WE
from .clauses import noun_phrase, subject
from .context import is_asked, is_denied, is_spoken_about
from .hits import Hit, woken_by
from .lexicon import words
from .sentences import Sentence

CODE = "language-judgement"


# What is said of words about people, where it is more than that they judge.
_OF_PEOPLE = {"inexperienced": "experience", "untrained": "experience", "unskilled": "experience", "slow": "slow"}


def _is_taken_back(sentence: Sentence, first: int, last: int) -> bool:
    return (
        sentence.in_quotes[first]
        or is_denied(sentence, first, 5)
        or is_spoken_about(sentence, first, last)
        or sentence.word(last + 1) in words("judgement", "technical")
    )


def _anyone(sentence: Sentence, at: int) -> Hit | None:
    """careless, negligently, complacency."""
    if _is_taken_back(sentence, at, at):
        return None
    if sentence.words[at] in {"lax", "unqualified", "cavalier"} and not _is_of_people(sentence, at):
        return None
    last = at + 1 if sentence.word(at + 1) in words("judgement", "mistakes") else at
    return Hit(CODE, at, last, "judgement")


def _of_people(sentence: Sentence, at: int) -> Hit | None:
    """slow, lazy, inadequate: of people only."""
    if _is_taken_back(sentence, at, at) or is_asked(sentence, at) or not _is_of_people(sentence, at):
        return None
    return Hit(CODE, at, at, _OF_PEOPLE.get(sentence.words[at], "judgement"))


def _is_of_people(sentence: Sentence, at: int) -> bool:
    word = sentence.words[at]
    if sentence.tag(at + 1) in {"n", "G", "K", "E"} and sentence.tag(at + 1) != "T":
        thing = noun_phrase(sentence, at + 1)
        if thing is None:
            return False
        if thing.kind in {PERSON, TEAM}:
            return word not in {"slow", "inadequate"} or thing.kind == PERSON
        owner = sentence.word(at - 1)
        if sentence.words[thing.last] in words("judgement", "human_acts") and word not in {"slow", "distracted"}:
            if owner in {"his", "her", "their"} and word != "naive":
                return True
            return owner == "'s" and _owner_is_person(sentence, at - 2)
        return False
    verb = at - 1
    if sentence.tag(verb) == "C" and sentence.tag(verb - 1) in {"E", "n"}:
        verb -= 2  # "unprepared and slow"
    while sentence.tag(verb) == "R" or sentence.word(verb) in {"being", "been"}:
        verb -= 1
    if sentence.tag(verb) not in {"B", "H"} and sentence.word(verb) not in {"got", "became", "remained"}:
        return False
    who = subject(sentence, verb)
    if who is None or not who.is_people:
        return False
    if word == "slow":
        return sentence.word(at + 1) in {"to", "in"} and who.kind != "they"
    return not (word in words("judgement", "of_individuals") and who.kind in {WE, TEAM})


def _owner_is_person(sentence: Sentence, at: int) -> bool:
    owner = noun_phrase(sentence, at)
    return owner is not None and owner.is_people


def _lack(sentence: Sentence, at: int) -> Hit | None:
    """lack of care, insufficient diligence, poor judgement."""
    of = 1 if sentence.word(at + 1) == "of" else 0
    if sentence.words[at] in {"lack", "absence"} and not of:
        return None
    virtue = at + 1 + of
    while sentence.word(virtue) in {
        "due",
        "sufficient",
        "basic",
        "proper",
        "enough",
        "personal",
        "any",
        "common",
        "and",
    }:
        virtue += 1
    last = virtue
    if sentence.word(virtue) == "sense":
        pass
    elif (
        sentence.word(virtue) == "attention"
        and sentence.word(virtue + 1) == "to"
        and sentence.words[at] != "lack"
        and sentence.word(virtue + 2) != "detail"
    ):
        return None
    elif sentence.word(virtue) not in words("judgement", "virtues"):
        return _bad_decision(sentence, at)
    if sentence.tag(last + 1) in {"n", "K", "G"}:
        return None
    if sentence.word(virtue) in {"ownership", "accountability", "responsibility"} and not (
        sentence.word(last + 1) in {"by", "from"} or "'s" in sentence.words[max(0, at - 2) : at]
    ):
        return None
    if sentence.words[at] in {"little", "bad"} and sentence.word(virtue) not in {"judgement", "judgment", "care"}:
        return None
    return None if _is_taken_back(sentence, at, last) else Hit(CODE, at, last, "judgement")


def _bad_decision(sentence: Sentence, at: int) -> Hit | None:
    """a poor decision, the wrong call: not those that a program takes."""
    noun = sentence.word(at + 1)
    if sentence.words[at] not in words("judgement", "bad_decisions") or noun not in words("judgement", "decisions"):
        return None
    if sentence.tag(at + 2) in {"n", "K"} or (noun in {"call", "choice"} and _is_technical(sentence, at + 2)):
        return None
    if _is_taken_back(sentence, at, at + 1):
        return None
    verb = next(
        (
            i
            for i in range(at - 1, max(-1, at - 6), -1)
            if sentence.tags[i] in "VB" or sentence.words[i] in {"make", "making", "makes"}
        ),
        None,
    )
    who = subject(sentence, verb) if verb is not None else None
    if (
        who is not None
        and who.kind == "thing"
        and sentence.tags[who.head] in {"n", "K"}
        and sentence.tags[verb or 0] != "B"
    ):
        return None
    return Hit(CODE, at, at + 1, "judgement")


def _is_technical(sentence: Sentence, after: int) -> bool:
    """Whether it is a call, or a choice, of a program: "a bad call to the API", "the bad call returned null"."""
    return sentence.word(after) in {"of", "to"} or sentence.tag(after) in {"V", "E"}


def _silly(sentence: Sentence, at: int) -> Hit | None:
    """a rookie mistake."""
    if sentence.word(at + 1) not in words("judgement", "mistakes") or _is_taken_back(sentence, at, at + 1):
        return None
    return Hit(CODE, at, at + 1, "judgement")


def _rushed(sentence: Sentence, at: int) -> Hit | None:
    """the change was rushed; we rushed it to production; hastily tested."""
    if _is_taken_back(sentence, at, at) or is_asked(sentence, at):
        return None
    word = sentence.words[at]
    if word in {"hastily", "hurriedly"}:
        following = sentence.tag(at + 1)
        return Hit(CODE, at, at, "haste") if following in {"E", "V"} else None
    if word in {"haste", "hurry", "rush"}:
        return Hit(CODE, at - 1, at, "haste") if sentence.word(at - 1) == "in" else None
    who = subject(sentence, at)
    if sentence.tag(at - 1) == "B" or sentence.word(at - 1) == "been":
        return Hit(CODE, at - 1, at, "haste")
    return Hit(CODE, at, at, "haste") if who is not None and who.is_people else None


def _unacceptable(sentence: Sentence, at: int) -> Hit | None:
    """this is completely unacceptable."""
    be = at - 1
    while sentence.tag(be) == "R":
        be -= 1
    if sentence.tag(be) != "B" or _is_taken_back(sentence, at, at):
        return None
    who = subject(sentence, be)
    if sentence.word(be - 1) in {"this", "that", "it", "which"} or (who is not None and who.is_people):
        return Hit(CODE, be + 1, at, "judgement")
    return None


LOOKS = woken_by(
    [
        (("rushed", "hastily", "hurriedly", "haste", "hurry", "rush"), _rushed),
        (("unacceptable", "embarrassing", "shameful", "ridiculous"), _unacceptable),
        (words("judgement", "of_anyone") | words("judgement", "how") | words("judgement", "qualities"), _anyone),
        (words("judgement", "of_people"), _of_people),
        (words("judgement", "lacking") | words("judgement", "bad_decisions"), _lack),
        (words("judgement", "silly"), _silly),
    ]
)
