"""language-person-as-cause: what somebody did by accident, by mistake, or with the wrong thing."""

from .agents import PERSON, TEAM, WE, Agent
from .clauses import subject
from .context import is_asked, is_denied
from .hits import Hit, woken_by
from .lexicon import words
from .person_as_cause import CODE, done_by_people
from .sentences import Sentence
from .verbs import is_form, lemma, words_of


def _by_accident(sentence: Sentence, at: int) -> Hit | None:
    """An engineer accidentally deleted it; mistakenly deleted by an engineer."""
    if sentence.is_question or is_denied(sentence, at, 4) or is_asked(sentence, at):
        return None
    verb = at + 1
    while sentence.tag(verb) == "R":
        verb += 1
    word = sentence.word(verb)
    if not (sentence.tag(verb) in {"V", "E", "G"} or is_form(word, "past", "participle")):
        # after its verb: "deleted the table accidentally"
        verb = next(
            (
                i
                for i in range(at - 1, max(-1, at - 10), -1)
                if sentence.tags[i] in "VE" or (is_form(sentence.words[i], "past") and sentence.tags[i] == "n")
            ),
            -1,
        )
        if verb < 0:
            return None
        word = sentence.words[verb]
    return _act_in_error(sentence, at, verb)


def _by_mistake(sentence: Sentence, at: int) -> Hit | None:
    """ran it on production by mistake."""
    if sentence.word(at - 1) not in {"by", "in"} or (sentence.word(at - 1) == "in") != (sentence.words[at] == "error"):
        return None
    if sentence.is_question or is_denied(sentence, at - 1, 6):
        return None
    verb = next(
        (
            i
            for i in range(at - 2, max(-1, at - 14), -1)
            if (sentence.tags[i] in "VE" or (is_form(sentence.words[i], "past") and sentence.tag(i - 1) != "D"))
        ),
        -1,
    )
    return _act_in_error(sentence, at, verb) if verb >= 0 else None


def _act_in_error(sentence: Sentence, at: int, verb: int) -> Hit | None:
    first, last = min(at, verb), max(at, verb)
    passive = done_by_people(sentence, verb)
    if passive is not None and sentence.words[passive.last] != "us":
        return Hit(CODE, first, max(passive.last, last), "accident")
    helper = verb - 1
    while sentence.tag(helper) in {"R", "N"}:
        helper -= 1
    if sentence.tag(helper) == "B":
        return None
    who = subject(sentence, min(at, verb))
    if who is None or not who.is_people:
        return None
    softer = sentence.words[at] in {"incorrectly", "wrongly", "erroneously", "mistakenly", "improperly"}
    if (
        softer
        and lemma(sentence.words[verb]).removesuffix("d") in _beliefs()
        and not (who.kind == PERSON and sentence.words[at] == "mistakenly")
    ):
        return None
    return Hit(CODE, who.first if 0 < first - who.last < 4 else first, last, "accident")


def _beliefs() -> frozenset[str]:
    beliefs = words("causes", "beliefs")
    return (
        beliefs
        | {belief + "e" for belief in beliefs}
        | {belief.removesuffix("e") for belief in beliefs}
        | {"thought", "believe", "classifie", "identifie"}
    )


def _wrong(sentence: Sentence, at: int) -> Hit | None:
    """An engineer ran the wrong command."""
    word = sentence.words[at]
    if sentence.is_question or is_asked(sentence, at):
        return None
    verb = at - 1
    while (
        verb >= 0
        and at - verb < 7
        and (
            sentence.tags[verb] in "DRPTGKQpI"
            or (sentence.tags[verb] == "n" and not is_form(sentence.words[verb], "past"))
        )
    ):
        verb -= 1
    if verb < 0 or at - verb >= 7 or sentence.tag(verb - 1) == "B" or is_denied(sentence, verb, 3):
        return None
    base = lemma(sentence.words[verb])
    if word != "wrong" and base in words("causes", "mending"):
        return None
    who = subject(sentence, verb)
    if who is None or not who.is_people or not _is_done(sentence, at, verb, base, who):
        return None
    if who.kind in {WE, TEAM} and word in words("causes", "only_individuals_wrong"):
        return None
    last = at + 1 if sentence.tag(at + 1) in {"n", "G"} else at
    return Hit(CODE, who.first if 0 < verb - who.last < 4 else verb, last, "wrong-thing")


def _is_done(sentence: Sentence, at: int, verb: int, base: str, who: Agent) -> bool:
    """Whether the verb tells a deed in the past; before "wrong" any deed of one person will do."""
    if base in words_of("choosing") or sentence.words[at] != "wrong":
        return base in words_of("choosing") and is_form(sentence.words[verb], "past")
    told = sentence.tags[verb] in "VE" or is_form(sentence.words[verb], "past")
    return told and who.is_individual and base not in words_of("perception") | words("causes", "saying")


LOOKS = woken_by(
    [
        (words("causes", "accidents"), _by_accident),
        (("mistake", "accident", "error"), _by_mistake),
        (words("causes", "wrong"), _wrong),
    ]
)
