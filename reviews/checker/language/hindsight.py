"""language-hindsight: what happened told with what is known today, as if it could have been seen then."""

from .clauses import subject
from .context import is_asked, is_denied, tells_the_past
from .hits import Hit, woken_by
from .lexicon import words
from .sentences import Sentence

CODE = "language-hindsight"


def _plain(sentence: Sentence, at: int) -> Hit | None:
    """obviously, evidently."""
    if sentence.in_quotes[at] or sentence.is_question or is_denied(sentence, at, 2) or not tells_the_past(sentence):
        return None
    return Hit(CODE, at, at, "hindsight")


def _clearly(sentence: Sentence, at: int) -> Hit | None:
    """Clearly, ...; clearly should have; was clearly wrong. Not "clearly documented" or "did not clearly show"."""
    if sentence.in_quotes[at] or sentence.is_question or is_denied(sentence, at, 3):
        return None
    following = sentence.word(at + 1)
    if following == "," and (at == 0 or sentence.tag(at - 1) in {"C", ";", ","}):
        return Hit(CODE, at, at, "hindsight")
    if following in words("hindsight", "clearly_with") and not (
        following in {"was", "is", "were"} and sentence.tag(at + 2) in {"E"}
    ):
        return Hit(CODE, at, at, "hindsight")
    return None


def _was_clear(sentence: Sentence, at: int) -> Hit | None:
    """it was clear that, should have been obvious."""
    if sentence.in_quotes[at] or sentence.is_question or is_asked(sentence, at):
        return None
    if sentence.word(at + 1) in words("hindsight", "obvious_things"):
        if sentence.words[at] not in {"obvious", "glaring", "evident"} or is_denied(sentence, at, 3):
            return None
        return Hit(CODE, at, at + 1, "hindsight")
    be = at - 1
    while sentence.word(be) in words("hindsight", "clear_how") or sentence.tag(be) == "R":
        be -= 1
    if sentence.word(be) == "been" and sentence.word(be - 1) == "have":
        modal = next((i for i in range(be - 2, max(-1, be - 6), -1) if sentence.tags[i] == "M"), None)
        if (
            modal is not None
            and sentence.words[modal] in {"should", "must"}
            and not is_denied(sentence, at, at - modal)
        ):
            return Hit(CODE, modal, at, "hindsight")
        return None
    if sentence.word(be) != "was" or is_denied(sentence, at, 3):
        return None
    told_when = not words("hindsight", "when").isdisjoint(sentence.words) or "Q" in sentence.tags
    if sentence.word(be - 1) == "it" and sentence.word(at + 1) == "that":
        return (
            None
            if told_when or (sentence.kind == "item" and "Q" in sentence.tags)
            else Hit(CODE, be - 1, at + 1, "hindsight")
        )
    if sentence.words[at] == "obvious" and not told_when and sentence.word(at + 1) in {"", ".", ",", "from", "that"}:
        who = subject(sentence, be)
        return Hit(CODE, be, at, "hindsight") if who is not None else None
    return None


def _avoidable(sentence: Sentence, at: int) -> Hit | None:
    """entirely preventable, easily avoidable."""
    if sentence.in_quotes[at] or sentence.is_question or is_denied(sentence, at, 4):
        return None
    how = sentence.word(at - 1)
    strong = {
        "easily",
        "entirely",
        "completely",
        "totally",
        "perfectly",
        "wholly",
        "fully",
        "clearly",
        "eminently",
        "obviously",
    }
    if how in strong:
        if sentence.words[at] == "predictable" and sentence.tag(at + 1) in {"n", "G"}:
            return None
        return Hit(CODE, at - 1, at, "preventable")
    if sentence.tag(at - 1) == "B" and sentence.words[at] != "predictable" and sentence.word(at - 1) in {"was", "were"}:
        return Hit(CODE, at - 1, at, "preventable")
    return None


def _easily_avoided(sentence: Sentence, at: int) -> Hit | None:
    """could easily have been avoided."""
    around = sentence.words[max(0, at - 5) : at + 5]
    if sentence.is_question or "could" not in around or is_denied(sentence, at, 4):
        return None
    for index in range(at + 1, min(at + 5, len(sentence))):
        if sentence.words[index] in {
            "avoided",
            "prevented",
            "caught",
            "detected",
            "foreseen",
            "spotted",
            "averted",
            "fixed",
        }:
            modal = next(i for i in range(at + 4, -1, -1) if sentence.word(i) == "could")
            return Hit(CODE, min(modal, at), index, "preventable")
    return None


def _looking_back(sentence: Sentence, at: int) -> Hit | None:
    if (
        sentence.word(at + 1) == "back"
        and sentence.word(at + 2) == ","
        and (at == 0 or sentence.tag(at - 1) in {",", ";", "C"})
    ):
        return Hit(CODE, at, at + 1, "in-hindsight")
    return None


LOOKS = woken_by(
    [
        (words("hindsight", "plain") - words("hindsight", "avoidable"), _plain),
        (("clearly",), _clearly),
        (words("hindsight", "clear"), _was_clear),
        (words("hindsight", "avoidable"), _avoidable),
        (("easily",), _easily_avoided),
        (("looking",), _looking_back),
    ]
)
