"""language-human-error: the error of people as a kind of explanation."""

from .agents import THING
from .causes import stands_as_cause
from .clauses import noun_phrase, subject
from .context import is_asked, is_denied, is_spoken_about
from .hits import Hit, woken_by
from .lexicon import words
from .sentences import Sentence

CODE = "language-human-error"


def _kind_of_error(sentence: Sentence, at: int) -> Hit | None:
    """human error, operator mistake."""
    error = sentence.word(at + 1)
    kind = sentence.words[at].removesuffix("-")
    last = at + 1
    if error in {"and", "or", "/"}:
        return None
    if error not in words("human_error", "errors") or (
        kind != "human" and error not in words("human_error", "certain_errors")
    ):
        return None
    if kind == "manual" and error == "failure":
        return None
    if kind in words("human_error", "in_programs") and not stands_as_cause(sentence, at, last):
        return None
    if sentence.tag(last + 1) in {"n", "K"} and not stands_as_cause(sentence, at, last):
        return None  # "human error rate", "human error handling"
    return _unless_about(sentence, at, last)


def _hyphenated(sentence: Sentence, at: int) -> Hit | None:
    return _unless_about(sentence, at, at)


def _unless_about(sentence: Sentence, first: int, last: int) -> Hit | None:
    if sentence.in_quotes[first] and not stands_as_cause(sentence, first, last):
        return None
    if is_denied(sentence, first) or is_spoken_about(sentence, first, last) or sentence.is_question:
        return None
    return Hit(CODE, first, last, "human-error")


def _made_a_mistake(sentence: Sentence, at: int) -> Hit | None:
    """An engineer made a mistake; a mistake made by the team."""
    if sentence.is_question or is_denied(sentence, at, 4) or is_asked(sentence, at):
        return None
    if sentence.word(at + 1) == "by":
        who = noun_phrase(sentence, at + 2)
        error = next(
            (i for i in range(at - 1, max(-1, at - 4), -1) if sentence.words[i] in words("human_error", "made_errors")),
            None,
        )
        if who is None or not who.is_people or error is None:
            return None
        return Hit(CODE, error, who.last, "made-a-mistake")
    what = noun_phrase(sentence, at + 1)
    if what is None or sentence.words[what.last] not in words("human_error", "made_errors"):
        return None
    if sentence.words[at] in {"make", "making", "makes"}:
        return None
    who = subject(sentence, at)
    if who is None or not who.is_people or is_spoken_about(sentence, at, what.last):
        return None
    first = who.first if who.last < at <= who.last + 3 else at
    return Hit(CODE, first, what.last, "made-a-mistake")


def _error_of_people(sentence: Sentence, at: int) -> Hit | None:
    """a mistake by an engineer; an oversight on our part; due to an oversight."""
    word = sentence.words[at]
    if sentence.is_question or is_denied(sentence, at) or is_spoken_about(sentence, at, at):
        return None
    following = sentence.word(at + 1)
    if following in {"by", "of", "from"}:
        who = noun_phrase(sentence, at + 2)
        if who is not None and who.is_people and (following != "of" or word in {"mistake", "oversight", "blunder"}):
            return Hit(CODE, at, who.last, "made-a-mistake")
    if following == "on" and sentence.word(at + 3) == "part":
        who = noun_phrase(sentence, at + 2)
        if sentence.word(at + 2) in {"our", "my", "his", "her", "their"} or (who is not None and who.kind != THING):
            return Hit(CODE, at, at + 3, "made-a-mistake")
    if (
        word == "oversight"
        and following in {"", ".", ",", "in", "during", "when", "that", ")"}
        and stands_as_cause(sentence, at, at)
    ):
        return Hit(CODE, at, at, "human-error")
    return None


LOOKS = woken_by(
    [
        (words("human_error", "people_as_kind"), _kind_of_error),
        (("human-error", "human-errors", "operator-error"), _hyphenated),
        (words("human_error", "made"), _made_a_mistake),
        (("mistake", "mistakes", "error", "errors", "oversight", "blunder", "slip", "typo"), _error_of_people),
    ]
)
