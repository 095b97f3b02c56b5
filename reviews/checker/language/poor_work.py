"""language-judgement, of work: "not properly tested", "poorly planned", "violated the procedure"."""

from .agents import THING
from .clauses import noun_phrase, subject
from .context import is_asked, is_denied, is_spoken_about
from .hits import Hit, woken_by
from .judgement import CODE
from .lexicon import words
from .sentences import Sentence


def _is_told(sentence: Sentence, first: int, last: int) -> bool:
    if sentence.is_question or sentence.in_quotes[first] or is_asked(sentence, first):
        return False
    if is_spoken_about(sentence, first, last) or is_denied(sentence, first, 5):
        return False
    return "M" not in sentence.tags[max(0, first - 4) : first]


def _poorly(sentence: Sentence, at: int) -> Hit | None:
    """poorly planned, badly communicated."""
    if sentence.word(at + 1) not in words("poor_work", "work") or not _is_told(sentence, at, at + 1):
        return None
    return Hit(CODE, at, at + 1, "judgement")


def _compound(sentence: Sentence, at: int) -> Hit | None:
    """hastily-tested images."""
    return Hit(CODE, at, at, "judgement") if _is_told(sentence, at, at) else None


def _not_properly(sentence: Sentence, at: int) -> Hit | None:
    """was not properly tested."""
    work = at + 1
    if sentence.word(work) not in words("poor_work", "checked") or "N" not in sentence.tags[max(0, at - 2) : at]:
        return None
    first = at - 1 if sentence.tag(at - 1) == "N" else at - 2
    return Hit(CODE, first, work, "judgement") if _is_told(sentence, first, work) else None


def _inadequate(sentence: Sentence, at: int) -> Hit | None:
    """inadequate planning, poor communication between the teams."""
    noun = at + 1
    if sentence.tag(noun) in {"n", "G"} and sentence.word(noun) not in words("poor_work", "virtues"):
        noun += 1
    if sentence.word(noun) not in words("poor_work", "virtues") or sentence.tag(noun + 1) in {"n", "K"}:
        return None
    if sentence.word(noun + 1) == "between":
        who = noun_phrase(sentence, noun + 2)
        if who is None or who.kind == THING:
            return None
    say = "working-together" if sentence.words[noun] in {"communication", "coordination"} else "judgement"
    return Hit(CODE, at, noun, say) if _is_told(sentence, at, noun) else None


def _practice(sentence: Sentence, at: int) -> Hit | None:
    """bad practice."""
    if sentence.word(at - 1) not in words("poor_work", "practices") or not _is_told(sentence, at - 1, at):
        return None
    return Hit(CODE, at - 1, at, "judgement")


def _broke_rules(sentence: Sentence, at: int) -> Hit | None:
    """violated the procedure, bypassed the review: by people, or by nobody in particular."""
    rule = next((i for i in range(at + 1, at + 7) if sentence.word(i) in words("poor_work", "rules")), None)
    if rule is None or any(tag in ",;." for tag in sentence.tags[at + 1 : rule]) or not _is_told(sentence, at, rule):
        return None
    who = subject(sentence, at)
    is_act = who is not None and sentence.words[who.head] in words("causes", "acts")
    if who is not None and not (who.is_people or is_act):
        return None
    return Hit(CODE, at, rule, "rules")


_COMPOUNDS = {f"{how}-{work}" for how in words("poor_work", "poorly") for work in words("poor_work", "work")}

LOOKS = woken_by(
    [
        (_COMPOUNDS, _compound),
        (words("poor_work", "poorly"), _poorly),
        (words("poor_work", "properly"), _not_properly),
        (words("poor_work", "lacking"), _inadequate),
        (("practice", "practices"), _practice),
        (words("poor_work", "breaking"), _broke_rules),
    ]
)
