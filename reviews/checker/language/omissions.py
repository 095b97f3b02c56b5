"""language-counterfactual, where the subject is left out: items of a list, the passive, nouns and participles."""

from .agents import THING
from .clauses import noun_phrase, subject
from .context import is_asked, is_denied, is_general, is_spoken_about
from .counterfactual import CODE
from .hits import Hit, woken_by
from .lexicon import words
from .sentences import Sentence
from .verbs import is_form, is_participle, lemma, words_of


def _begins(sentence: Sentence, at: int) -> bool:
    """Whether nothing but a label stands before: "- Could have", "Lesson: should have"."""
    return at == 0 or (sentence.tags[at - 1] == ";" and at < 8)


def _over_adverbs(sentence: Sentence, at: int) -> int:
    while sentence.tag(at) in {"R", "N"}:
        at += 1
    return at


def _modal(sentence: Sentence, at: int) -> Hit | None:
    """Could have revoked the token; should have been reviewed; could have been caught earlier."""
    have = _over_adverbs(sentence, at + 1)
    if sentence.word(have) != "have" or sentence.is_question or is_asked(sentence, at):
        return None
    verb = _over_adverbs(sentence, have + 1)
    if sentence.word(verb) in {"been", "be"}:
        return _modal_passive(sentence, at, _over_adverbs(sentence, verb + 1))
    if not _begins(sentence, at) or not is_participle(sentence.word(verb)):
        return None
    if sentence.words[at] in {"could", "might"} and lemma(sentence.word(verb)) in words_of("befalling"):
        return None
    return Hit(CODE, at, verb, "could-have" if sentence.words[at] == "could" else "should-have")


def _modal_passive(sentence: Sentence, at: int, verb: int) -> Hit | None:
    word = sentence.word(verb)
    if not is_participle(word):
        return _limit(sentence, at, verb)
    by = next((i for i in range(verb + 1, min(verb + 6, len(sentence))) if sentence.words[i] == "by"), None)
    if by is not None:
        who = noun_phrase(sentence, by + 1)
        return Hit(CODE, at, who.last, "should-have-been") if who is not None and who.is_people else None
    if sentence.words[at] in {"should", "ought"} and lemma(word).removesuffix("ed") in words("omissions", "neglected"):
        return Hit(CODE, at, verb, "should-have-been")
    if sentence.words[at] == "could" and word in words("omissions", "noticed"):
        conditional = {"if", "with", "had", "by", "through"} & {
            *sentence.words[verb + 1 : verb + 5],
            *sentence.words[:3],
        }
        return None if conditional or is_denied(sentence, verb, verb - at) else Hit(CODE, at, verb, "could-have")
    if _begins(sentence, at) and sentence.words[at] in {"should", "ought"}:
        return Hit(CODE, at, verb, "should-have-been")
    return None


def _limit(sentence: Sentence, at: int, following: int) -> Hit | None:
    """our limit should have been lower: what we chose."""
    who = subject(sentence, at)
    if sentence.words[at] != "should" or who is None or who.kind != THING or sentence.words[who.first] != "our":
        return None
    return Hit(CODE, who.first if at - who.last < 4 else at, min(following, len(sentence) - 1), "should-have")


def _did(sentence: Sentence, at: int) -> Hit | None:
    """- Did not tell the customers; - Didn't disable the pipeline."""
    verb = _over_adverbs(sentence, at + 1)
    if not _begins(sentence, at) or verb == at + 1 or sentence.is_question or "N" not in sentence.tags[at + 1 : verb]:
        return None
    word = sentence.word(verb)
    base = lemma(word)
    if base in words("omissions", "duties") or (base in words_of("undone") and is_form(word, "base")):
        return Hit(CODE, at, verb, "did-not")
    return None


def _failed(sentence: Sentence, at: int) -> Hit | None:
    """- Failed to tell the customers; omitting to validate the name; the failure to patch."""
    verb = _over_adverbs(sentence, at + 2)
    if sentence.word(at + 1) != "to" or sentence.is_question or is_denied(sentence, at, 3):
        return None
    verbs = [sentence.word(verb)]
    if sentence.word(verb + 1) == "and":
        verbs.append(sentence.word(_over_adverbs(sentence, verb + 2)))
    duty = any(lemma(word) in words("omissions", "duties") for word in verbs)
    if not duty or is_spoken_about(sentence, at, verb):
        return None
    word = sentence.words[at]
    if word == "failed" and not _begins(sentence, at):
        return None
    if word in {"failure", "failing"}:
        if is_general(sentence, verb):
            return None
        owner = sentence.word(at - 1)
        if owner == "'s" and sentence.raw[at - 2][0].islower():
            who = noun_phrase(sentence, at - 2)
            if who is None or not who.is_people:
                return None
        if word == "failing" and sentence.tag(at - 1) in {"B", "n", "K"}:
            return None
    return Hit(CODE, at, verb, "failed-to")


def _without(sentence: Sentence, at: int) -> Hit | None:
    """deployed without telling anyone: by people, or by nobody in particular."""
    if sentence.word(at + 1) not in words("omissions", "telling") or sentence.is_question or is_denied(sentence, at, 4):
        return None
    act = next((i for i in range(at - 1, max(-1, at - 20), -1) if sentence.tags[i] in "VE"), None)
    if act is None or any(tag == "M" for tag in sentence.tags[max(0, act - 4) : act]):
        return None
    who = subject(sentence, act)
    passive = sentence.tag(act - 1) == "B" or sentence.tag(act - 2) == "B"
    if (who is None or not who.is_people) and not passive:
        return None
    return Hit(CODE, at, at + 1, "did-not")


def _instead_of(sentence: Sentence, at: int) -> Hit | None:
    """pushed everywhere instead of following the procedure."""
    if sentence.word(at + 1) != "of" or sentence.word(at + 2) not in words("omissions", "proper"):
        return None
    if sentence.is_question or "M" in sentence.tags or "?" in sentence.words:
        return None
    if not any(tag in "VE" for tag in sentence.tags):
        return None
    return Hit(CODE, at, at + 2, "did-not")


def _aware(sentence: Sentence, at: int) -> Hit | None:
    """he was not aware: of one person."""
    be = at - 1
    while sentence.tag(be) in {"R", "N"}:
        be -= 1
    denied = "N" in sentence.tags[be + 1 : at] or sentence.words[at] == "unaware"
    if sentence.word(be) not in {"was", "were"} or not denied or sentence.is_question or is_asked(sentence, be):
        return None
    who = subject(sentence, be)
    if who is None or not who.is_individual or sentence.words[who.head].endswith("s"):
        return None
    return Hit(CODE, who.first if be - who.last < 4 else be, at, "did-not")


def _too_little(sentence: Sentence, at: int) -> Hit | None:
    """- Not enough communication before the release."""
    noun = at + 1 if sentence.words[at] != "not" else at + 2
    if sentence.words[at] == "not" and sentence.word(at + 1) not in {"enough", "sufficient"}:
        return None
    if sentence.word(noun) not in words("omissions", "little") or not _begins(sentence, at) or sentence.is_question:
        return None
    if sentence.tag(noun + 1) == "n" or (sentence.words[noun] == "attention" and sentence.word(noun + 1) == "to"):
        return None
    return Hit(CODE, at, noun, "did-not")


LOOKS = woken_by(
    [
        (("should", "could", "might", "ought"), _modal),
        (("did",), _did),
        (("failed", "failing", "failure", "omitting", "omitted", "neglecting"), _failed),
        (("without",), _without),
        (("instead",), _instead_of),
        (("aware", "unaware"), _aware),
        (("not", "insufficient", "little", "inadequate", "poor"), _too_little),
    ]
)
