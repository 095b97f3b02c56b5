"""language-person-as-cause, over a whole sentence: "the outage began when a technician ...", "..., which caused it"."""

from .causes import does_something, stands_as_cause
from .clauses import noun_phrase, phrase_ends, subject
from .context import is_asked, is_denied
from .hits import Hit, woken_by
from .lexicon import words
from .person_as_cause import CODE
from .sentences import Sentence
from .verbs import is_form, lemma, words_of


def _act_after(sentence: Sentence, at: int) -> int | None:
    """The verb of what a person did, just after the noun phrase before `at`."""
    while sentence.tag(at) in {"R", "H"}:
        at += 1
    return at if at < len(sentence) and _is_deed(sentence, at) else None


def _is_deed(sentence: Sentence, at: int) -> bool:
    """Whether a verb in the past that tells a deed: not what was seen or said, nor what was done against harm."""
    word = sentence.words[at]
    if sentence.tags[at] not in "VE" and not is_form(word, "past", "participle"):
        return False
    return lemma(word) not in words_of("perception") | words("causes", "saying") | words("told_as_cause", "helping")


def _when(sentence: Sentence, at: int) -> Hit | None:
    """The outage began when a technician connected ...; after an engineer had run ..."""
    if sentence.is_question or is_asked(sentence, at):
        return None
    who = noun_phrase(sentence, at + 1)
    if who is None or not who.is_individual:
        return None
    acts = (_act_after(sentence, last + 1) for last in phrase_ends(sentence, who))
    act = next((act for act in acts if act is not None), None)
    before = sentence.words[max(0, at - 14) : at]
    if act is None or words("told_as_cause", "began").isdisjoint(before):
        return None
    if not any(word.removesuffix("s") in words("told_as_cause", "bad_events") for word in before):
        return None
    return Hit(CODE, at, act, "caused-by")


def _which_caused(sentence: Sentence, at: int) -> Hit | None:
    """An engineer deployed the change, which caused the outage; ..., taking down the site."""
    if sentence.is_question or is_denied(sentence, at, 3):
        return None
    if sentence.words[at] == "which":
        verb = at + 1
        while sentence.tag(verb) == "R":
            verb += 1
        if sentence.word(verb) not in words("told_as_cause", "which"):
            return None
    elif sentence.tag(at - 1) not in {",", "R"} or sentence.words[at] == "making":
        return None
    act = next(
        (
            i
            for i in range(at - 1, max(-1, at - 30), -1)
            if _is_deed(sentence, i) and sentence.tag(i - 1) not in {"B", "D", "P"}
        ),
        None,
    )
    if act is None or any(sentence.tags[i] in ";." for i in range(act, at)):
        return None
    who = subject(sentence, act)
    if who is None or not who.is_individual or sentence.words[who.head] in {"they", "people"}:
        return None
    return Hit(CODE, who.first if act - who.last < 4 else act, act, "caused-by")


def _failed_to_think(sentence: Sentence, at: int) -> Hit | None:
    """The review process failed to consider ...: only people consider."""
    verb = at + 2
    while sentence.tag(verb) == "R":
        verb += 1
    if sentence.word(at + 1) != "to" or sentence.is_question or is_denied(sentence, at, 3) or is_asked(sentence, at):
        return None
    if lemma(sentence.word(verb)) not in words("told_as_cause", "thinking"):
        return None
    return Hit("language-counterfactual", at, verb, "failed-to")


def _wrong_was_run(sentence: Sentence, at: int) -> Hit | None:
    """The wrong command was run; a parameter was left blank."""
    if sentence.is_question or is_denied(sentence, at, 4) or is_asked(sentence, at):
        return None
    if sentence.words[at] == "blank":
        left = sentence.word(at - 1) in {"left", "empty"} or sentence.word(at - 3) == "left"
        return Hit("language-human-error", at - 1, at, "wrong-thing") if left else None
    verb = next((i for i in range(at + 1, at + 7) if sentence.tag(i) == "B"), None)
    if verb is None or sentence.word(verb + 1) not in words("told_as_cause", "wrong_acts"):
        return None
    if not {"command", "value", "button", "parameter", "input", "flag", "option", "host", "cluster"} & {
        *sentence.words[at:verb]
    }:
        return None
    by = sentence.word(verb + 2) == "by" and noun_phrase(sentence, verb + 3)
    return None if by and not by.is_people else Hit("language-human-error", at, verb + 1, "wrong-thing")


def _mistake(sentence: Sentence, at: int) -> Hit | None:
    """due to a mistake in the configuration; mistakes were made; this was an oversight."""
    if sentence.is_question or is_denied(sentence, at, 5) or sentence.in_quotes[at]:
        return None
    word = sentence.words[at]
    if word == "mistakes" and sentence.tag(at + 1) == "B" and sentence.word(at + 2) == "made":
        return Hit("language-human-error", at, at + 2, "made-a-mistake")
    if word in {"mistake", "oversight", "misunderstanding", "mix-up", "slip"}:
        first = at - 1 if sentence.tag(at - 1) == "n" else at
        if stands_as_cause(sentence, first, at) or does_something(sentence, at):
            return Hit("language-human-error", first, at, "made-a-mistake")
    return None


LOOKS = woken_by(
    [
        (("when", "after", "while"), _when),
        (words("told_as_cause", "followed") | {"which"}, _which_caused),
        (("failed",), _failed_to_think),
        (("wrong", "incorrect", "blank"), _wrong_was_run),
        (("mistake", "mistakes", "oversight", "misunderstanding", "mix-up", "slip"), _mistake),
    ]
)
