"""language-counterfactual: another story, told in a condition: "if we had tested", "had anyone asked"."""

from .agents import NOBODY, Agent
from .clauses import noun_phrase
from .counterfactual import CODE, skip_adverbs
from .hits import Hit, woken_by
from .lexicon import words
from .sentences import Sentence
from .verbs import is_participle


def _if(sentence: Sentence, at: int) -> Hit | None:
    """if only X had, if we had tested."""
    if sentence.is_question:
        return None
    if sentence.word(at + 1) == "only":
        for index in range(at + 2, min(at + 12, len(sentence))):
            if sentence.tags[index] in ";.":
                break
            if sentence.words[index] in {"had", "knew"} and sentence.words[index - 1] != "only":
                return Hit(
                    CODE,
                    at,
                    min(index + 1, len(sentence) - 1) if sentence.tag(index + 1) in {"E", "n", "V", "R"} else index,
                    "if-only",
                )
        return None
    if sentence.word(at - 1) in {"as", "even", "see", "check", "checked", "unclear", "wonder", "wondering", "asked"}:
        return None
    who = noun_phrase(sentence, at + 1)
    if who is None or not (who.is_people or who.kind == NOBODY):
        return None
    return _had_done(sentence, at, who, who.last + 1)


def _had_first(sentence: Sentence, at: int) -> Hit | None:
    """Had the engineer checked, ..."""
    begins = at == 0 or sentence.tag(at - 1) in {",", ";", '"', "("}
    if sentence.is_question or not (begins or _is_conditional(sentence, at)):
        return None
    who = noun_phrase(sentence, at + 1)
    if who is None or not who.is_people:
        return None
    verb = skip_adverbs(sentence, who.last + 1)
    if verb > who.last + 4 or not is_participle(sentence.word(verb)) or sentence.word(verb) == "been":
        return None
    return Hit(CODE, at, verb, "if-only")


def _is_conditional(sentence: Sentence, at: int) -> bool:
    """Whether what precedes is the other half: "could have been shorter had they asked"."""
    return "have" in sentence.words[:at] and not {"would", "could", "might"}.isdisjoint(sentence.words[:at])


def _had_done(sentence: Sentence, at: int, who: Agent, had: int) -> Hit | None:
    while sentence.tag(had) == "R":
        had += 1
    if sentence.word(had) != "had":
        return None
    verb = skip_adverbs(sentence, had + 1)
    word = sentence.word(verb)
    if word == "been":
        verb = skip_adverbs(sentence, verb + 1)
        doing = sentence.tag(verb) == "G" or sentence.word(verb) in words("counterfactual", "states")
        if not doing or sentence.word(verb) in words("counterfactual", "befalling"):
            return None
    elif not is_participle(word) or word in {"had", "seen", "hit", "lost", "experienced"}:
        return None
    if not any(w in {"would", "could", "might"} for w in sentence.words):
        return None
    return Hit(CODE, at, verb, "if-only")


def _wish(sentence: Sentence, at: int) -> Hit | None:
    """I wish we had tested it."""
    who = noun_phrase(sentence, at + 1)
    if who is None or not who.is_people:
        return None
    if sentence.word(who.last + 1) == "had" and is_participle(sentence.word(who.last + 2)):
        return Hit(CODE, at, who.last + 2, "if-only")
    return None


LOOKS = woken_by([(("if",), _if), (("had",), _had_first), (("wish",), _wish)])
