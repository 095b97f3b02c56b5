"""language-person-as-cause, in so many words: "to blame", "at fault", "Bob's mistake", "our bad"."""

from .agents import PERSON, TEAM, WE, agent
from .causes import names_bad
from .clauses import first_of, noun_phrase, subject
from .context import is_denied
from .hits import Hit, woken_by
from .lexicon import words
from .person_as_cause import CODE
from .sentences import Sentence


def _to_blame(sentence: Sentence, at: int) -> Hit | None:
    """X is to blame, X is at fault, blame lies with X, X was responsible for the outage."""
    word = sentence.words[at]
    if sentence.is_question or is_denied(sentence, at, 9):
        return None
    if (word == "blame" and sentence.word(at - 1) == "to" and sentence.tag(at - 2) in {"B", "R"}) or (
        word == "fault" and sentence.word(at - 1) == "at"
    ):
        verb = at - 2
        while sentence.tag(verb) == "R":
            verb -= 1
    elif word == "responsible" and sentence.word(at + 1) == "for" and names_bad(sentence, at + 2, at + 6):
        verb = at - 1
        while sentence.tag(verb) == "R":
            verb -= 1
        if sentence.tag(verb) in {"D", "n", "P"}:  # "the engineer responsible for the outage"
            who = subject(sentence, at) if sentence.tag(verb) == "n" else None
            bad = sentence.words[at + 2 : at + 5]
            if who is not None and who.is_individual and not {"response", "management"} & set(bad):
                return Hit(CODE, who.first, at + 1, "to-blame")
            return None
    else:
        return _blame_on(sentence, at) if word == "blame" else None
    if sentence.tag(verb) != "B":
        return None
    who = subject(sentence, verb)
    if who is None or not who.is_people or (word == "responsible" and who.kind == WE):
        return None
    return Hit(CODE, who.first if verb - who.last < 4 else verb, at, "to-blame")


def _our_bad(sentence: Sentence, at: int) -> Hit | None:
    """This was our bad; that is on us."""
    before = at - 1
    if (
        sentence.words[at] == "bad"
        and sentence.words[before] in {"our", "my"}
        and sentence.tag(at + 1) not in {"n", "K"}
    ):
        return Hit(CODE, before, at, "to-blame")
    if sentence.words[at] in {"us", "me"} and sentence.word(at - 1) == "on" and sentence.tag(at + 1) in {"", ".", ";"}:
        return (
            Hit(CODE, at - 2, at, "to-blame") if sentence.tag(at - 2) == "B" or sentence.word(at - 2) == "'s" else None
        )
    return None


def _blame_on(sentence: Sentence, at: int) -> Hit | None:
    with_ = at + 2 if sentence.word(at + 1) in {"lies", "rests", "falls", "goes"} else at + 1
    if sentence.word(with_) not in {"with", "on", "to"}:
        return None
    if with_ == at + 1 and sentence.word(at - 1) in {"to", "not", "no", "placing", "assigning", "or", "and"}:
        return None
    who = noun_phrase(sentence, with_ + 1)
    if who is None or not who.is_people:
        return None
    return Hit(CODE, at, who.last, "to-blame")


def _owned_fault(sentence: Sentence, at: int) -> Hit | None:
    """Bob's mistake, the operator's negligence, my fault."""
    word = sentence.words[at]
    if sentence.is_question or is_denied(sentence, at, 6) or word not in words("causes", "faults"):
        return None
    owner_end = at - 1
    while owner_end > 0 and sentence.tags[owner_end] in "nRGE" and at - owner_end < 4:
        owner_end -= 1
    if sentence.words[owner_end] in {"my", "his", "her"}:
        return Hit(CODE, owner_end, at, "fault-of")
    if sentence.words[owner_end] in {"our"} and word in words("causes", "our_faults") and at == owner_end + 1:
        if sentence.tag(at + 1) in {"n", "G"} or (
            word == "error" and sentence.word(owner_end - 1) not in {"to", "was"}
        ):
            return None
        return Hit(CODE, owner_end, at, "fault-of")
    if sentence.tags[owner_end] != "p" or owner_end == 0 or sentence.tag(at + 1) in {"n", "K"}:
        return None
    first = first_of(sentence, owner_end - 1)
    who = agent(sentence, first, owner_end - 1)
    if who.kind not in {PERSON, TEAM} or (who.kind == TEAM and word in {"error", "errors", "failure"}):
        return None
    return Hit(CODE, first, at, "fault-of")


LOOKS = woken_by(
    [
        (("blame", "fault", "responsible"), _to_blame),
        (words("causes", "faults"), _owned_fault),
        (("bad", "us", "me"), _our_bad),
    ]
)
