"""language-counterfactual: what people should have done, could have done, or failed to do."""

from .agents import TEAM, THING, WE, Agent
from .clauses import doer, noun_phrase, subject
from .context import is_asked, is_denied, is_general
from .hits import Hit, woken_by
from .lexicon import words
from .sentences import Sentence
from .verbs import forms_of, is_form, is_participle, lemma, words_of

CODE = "language-counterfactual"
_FEW = 14


def _hit(sentence: Sentence, who: Agent | None, first: int, last: int, say: str) -> Hit:
    if who is not None and who.last < first <= who.last + 4 and last - who.first <= _FEW:
        first = who.first
    return Hit(CODE, first, last, say)


def skip_adverbs(sentence: Sentence, at: int) -> int:
    while sentence.tag(at) in {"R", "N"} or sentence.word(at) in {"to", "all", "both", "at", "least"}:
        at += 1
    return at


def _modal(sentence: Sentence, at: int) -> Hit | None:
    """should have, could have, ought to have, might have, with people before it or meant by it."""
    modal = sentence.words[at]
    have = skip_adverbs(sentence, at + 1)
    if sentence.word(have) not in {"have", "of"} or is_asked(sentence, at):
        return None
    verb = have + 1
    while sentence.tag(verb) in {"R", "N"} or sentence.word(verb) in {"at", "least"}:
        verb += 1
    word = sentence.word(verb)
    if not is_participle(word) or _is_adjective(sentence, modal, have, verb):
        return None
    who = subject(sentence, at)
    if who is not None and sentence.word(who.first - 1) in words("counterfactual", "holding"):
        return None
    if modal == "should" and _is_ahead(sentence, verb):
        return None
    if word == "been":
        return _modal_been(sentence, at, verb, who)
    base = lemma(word)
    if who is None or not who.is_people or base == "receive":
        return None
    if modal in {"could", "might"} and base in words_of("befalling") and base not in words_of("preventing"):
        return None
    if modal == "might" and base not in words_of("preventing"):
        return None
    if modal == "could" and (is_denied(sentence, verb, verb - at) or _is_luck(sentence, verb)):
        return None  # "could not have known": that nobody could
    if modal == "could" and sentence.word(who.first - 1) in {"so", "that"}:
        return None  # "so they could have tested": what for
    return _hit(sentence, who, at, verb, "should-have" if modal != "could" else "could-have")


def _is_ahead(sentence: Sentence, verb: int) -> bool:
    """Whether it is expected, not missed: "we should have restored all of it by tomorrow"."""
    return any(
        word in words("counterfactual", "ahead") or (word == "now" and sentence.words[index - 1] in {"from", "by"})
        for index, word in enumerate(sentence.words[verb:], verb)
    )


def _is_luck(sentence: Sentence, verb: int) -> bool:
    """Whether it might have come worse: "could have noticed it much later"."""
    return not {"later", "worse", "longer"}.isdisjoint(sentence.words[verb + 1 : verb + 7])


def _is_adjective(sentence: Sentence, modal: str, have: int, verb: int) -> bool:
    """Whether "have" is the verb: "we should have automated tests"."""
    word, following = sentence.words[verb], sentence.word(verb + 1)
    if modal != "should" or sentence.tag(verb + 1) not in {"n", "G", "E"} or following.endswith("ly"):
        return False
    if word in words("counterfactual", "adjectives"):
        return True
    return (
        following.endswith("s")
        and not following.endswith("ss")
        and word in words("counterfactual", "perhaps_adjectives")
    )


def _modal_been(sentence: Sentence, at: int, been: int, who: Agent | None) -> Hit | None:
    word_at = been + 1
    while sentence.tag(word_at) == "R" or sentence.word(word_at) in {"not"}:
        word_at += 1
    word = sentence.word(word_at)
    modal = sentence.words[at]
    people = who is not None and who.is_people
    if sentence.tag(word_at) == "G" or sentence.word(been + 1) in {"more", "less", "better", "too"}:
        return _hit(sentence, who, at, word_at, "should-have") if people else None
    if word in words("counterfactual", "states"):
        return _hit(sentence, who, at, word_at, "should-have") if people else None
    if not is_participle(word):
        return None
    by = doer(sentence, word_at)
    if by is not None and by.is_people and modal in {"should", "could", "ought"}:
        return _hit(sentence, None, at, by.last, "should-have")
    if people or by is not None or modal not in {"should", "ought"}:
        return None
    if lemma(word) in words_of("duties_of_people"):
        return _hit(sentence, who, at, word_at, "should-have-been")
    return None


def _failed_to(sentence: Sentence, at: int) -> Hit | None:
    """failed to notice, neglected to test, forgot to restart: only where people are the subject."""
    if sentence.word(at + 1) != "to":
        return None
    verb = at + 2
    while sentence.tag(verb) in {"R", "N"}:
        verb += 1
    base = lemma(sentence.word(verb))
    failing = lemma(sentence.words[at]) in {"fail", "failed", "fails", "failing"}
    if (failing and base in words_of("attempts")) or is_denied(sentence, at, 3) or is_asked(sentence, at):
        return None
    if failing and sentence.words[at] in {"fail", "fails"}:
        return None
    who = subject(sentence, at)
    if who is None or not (who.is_people or (not failing and _may_be_name(sentence, who))):
        return None
    return _hit(sentence, who, at, verb, "failed-to")


def _may_be_name(sentence: Sentence, who: Agent) -> bool:
    """Whether a capitalised word that is no known name is a person's, from what it is said to do."""
    return (
        who.kind == THING
        and who.first == who.last
        and sentence.raw[who.head][0].isupper()
        and sentence.tags[who.head] == "n"
    )


def _failure_to(sentence: Sentence, at: int) -> Hit | None:
    """our failure to test, failure to follow the procedure."""
    verb = at + 2
    if sentence.word(at + 1) != "to" or is_denied(sentence, at) or sentence.is_question:
        return None
    if is_general(sentence, verb):
        return None
    base = lemma(sentence.word(verb))
    owner = sentence.word(at - 1)
    if owner in {"our", "his", "her", "their", "my"}:
        return Hit(CODE, at - 1, verb, "failed-to") if base not in words_of("attempts") else None
    if owner == "'s" or base in words_of("human_duties"):
        who = noun_phrase(sentence, at - 2) if owner == "'s" else None
        if owner != "'s" or (who is not None and who.is_people):
            return Hit(CODE, at, verb, "failed-to")
    return None


def _left_out(sentence: Sentence, at: int) -> Hit | None:
    """missed the alert, overlooked the step, ignored the warning, forgot the flag."""
    word = sentence.words[at]
    if word in {"failed"} or sentence.word(at + 1) == "to" or sentence.is_question:
        return None
    base = lemma(word)
    if (
        sentence.tag(at - 1) == "B"
        or (sentence.tag(at - 1) in {"R", "N"} and sentence.tag(at - 2) == "B")
        or sentence.word(at - 1) == "been"
    ):
        return _was_left_out(sentence, at, base)
    if sentence.tag(at - 1) == "D" or is_denied(sentence, at, 3) or _befalls(sentence, at):
        return None
    who = subject(sentence, at)
    is_name = base == "forget" and who is not None and _may_be_name(sentence, who)
    if not is_name and (who is None or not who.is_people):
        return None
    last = at
    following = noun_phrase(sentence, at + 1)
    if following is not None and following.last - at < 6:
        last = following.last
    return _hit(sentence, who, at, last, "left-out")


def _befalls(sentence: Sentence, at: int) -> bool:
    """Whether what is missed is a target: "we missed our SLO"."""
    targets = words("counterfactual", "targets")
    return any(sentence.word(index) in targets for index in range(at + 1, at + 7))


def _was_left_out(sentence: Sentence, at: int, base: str) -> Hit | None:
    by = doer(sentence, at)
    if is_denied(sentence, at, 3):
        return None
    if by is not None:
        return Hit(CODE, at, by.last, "left-out") if by.is_people else None
    who = subject(sentence, at)
    if who is not None and who.is_people:
        return None
    if base == "ignore":
        about = (
            sentence.word(at - 1) not in {"is", "are"}
            and who is not None
            and any(
                sentence.words[index].removesuffix("s") in words("counterfactual", "warnings")
                for index in range(who.first, who.last + 1)
            )
        )
        return _hit(sentence, who, at, at, "left-out") if about else None
    if base in {"overlook", "forget"}:
        return Hit(CODE, at - 1, at, "left-out")
    in_review = sentence.word(at + 1) in {"in", "during", "at"} and any(
        sentence.word(index) in words("counterfactual", "human_work") for index in range(at + 2, at + 6)
    )
    return Hit(CODE, at - 1, at + 1, "left-out") if in_review and base == "miss" else None


def _did_not(sentence: Sentence, at: int) -> Hit | None:
    """did not notice, never tested, had not checked, with people as the subject."""
    if sentence.is_question:
        return None
    never = sentence.words[at] == "never"
    helper = sentence.word(at - 1)
    verb = at + 1
    while sentence.tag(verb) == "R" or sentence.word(verb) in {"even"}:
        verb += 1
    word = sentence.word(verb)
    base = lemma(word)
    is_duty = base in words_of("undone")
    if base in words_of("unblamed") and not is_duty:
        return None
    if helper == "did":
        fits = is_form(word, "base") or sentence.tag(verb) == "n"
    elif helper == "had":
        fits = is_form(word, "participle") or sentence.tag(verb) == "E"
    else:
        fits = never and (is_form(word, "past") or sentence.tag(verb) == "E")
    if not fits or (base in {"look", "pay", "take", "ask"} and not _in_earnest(sentence, verb)):
        return None
    who = subject(sentence, at - 1 if helper in {"did", "had"} else at)
    if who is None or not who.is_people or is_asked(sentence, at):
        return None
    if base in words_of("knowledge") and who.kind in {WE, TEAM}:
        return None
    if not is_duty and (who.kind == WE or sentence.words[who.head] in {"you", "i"}):
        return None
    return _hit(sentence, who, at - 1, verb, "did-not")


def _in_earnest(sentence: Sentence, verb: int) -> bool:
    base = lemma(sentence.words[verb])
    wanted = {
        "look": {"at"},
        "pay": {"attention"},
        "take": {"care", "time", "responsibility", "seriously"},
        "ask": {"anyone", "for", "anybody", "a"},
    }
    return any(sentence.word(index) in wanted[base] for index in range(verb + 1, verb + 4))


def _nobody(sentence: Sentence, at: int) -> Hit | None:
    """nobody noticed, no one checked, none of us thought to ask."""
    if sentence.is_question:
        return None
    verb = at + 1
    if sentence.words[at] == "no":
        if sentence.word(at + 1) != "one" and sentence.word(at + 1).removesuffix("s") not in words(
            "agents", "individuals"
        ):
            return None
        verb = at + 2
    if sentence.words[at] == "none":
        if sentence.word(at + 1) != "of":
            return None
        group = noun_phrase(sentence, at + 2)
        if group is None or not group.is_people:
            return None
        verb = group.last + 1
    for _ in range(8):  # over "on the team"
        if sentence.tag(verb) in {"R", "P", "D", "n", "I"} and not is_form(sentence.word(verb), "past"):
            verb += 1
    if sentence.tag(verb) == "H":
        verb += 1
    word = sentence.word(verb)
    if sentence.words[verb : verb + 1] in (["was"], ["were"]):
        doing = sentence.word(verb + 1)
        if doing in words("counterfactual", "watching") or (is_form(doing, "ing") and lemma(doing) in words_of("duty")):
            return Hit(CODE, at, verb + 1, "nobody")
        return None
    if word == "took" and sentence.word(verb + 1) in {"ownership", "responsibility"}:
        return Hit(CODE, at, verb + 1, "nobody")
    told = is_form(word, "past", "participle") and lemma(word) in words_of("undone") | words_of("duty")
    if not told or _is_standing(sentence, verb):
        return None
    known = lemma(word) in words_of("knowledge") | {"notice"}
    return None if known and _is_explained(sentence, at, verb) else Hit(CODE, at, verb, "nobody")


def _is_standing(sentence: Sentence, verb: int) -> bool:
    """Whether it tells how things had been for long: "nobody had rehearsed it for four years"."""
    return not {"since", "years", "months", "weeks", "ever"}.isdisjoint(sentence.words[verb + 1 : verb + 12])


def _is_explained(sentence: Sentence, at: int, verb: int) -> bool:
    """Whether it is a fact of knowledge: told of ourselves, or with what kept people from it ("so nobody saw it")."""
    if not {"us", "we"}.isdisjoint(sentence.words[at:verb]):
        return True
    reasons = {"so", "because", "since", "as", "therefore", "hence"}
    return not reasons.isdisjoint({*sentence.words[max(0, at - 2) : at], *sentence.words[at + 2 : at + 16]})


def _supposed(sentence: Sentence, at: int) -> Hit | None:
    """The engineer was supposed to check."""
    if sentence.word(at + 1) != "to" or sentence.word(at - 1) not in {"was", "were", "not"} or is_asked(sentence, at):
        return None
    helper = at - 1 if sentence.words[at - 1] != "not" else at - 2
    who = subject(sentence, helper)
    if who is None or not who.is_people:
        return None
    return _hit(sentence, who, helper, at + 1, "should-have")


def _without(sentence: Sentence, at: int) -> Hit | None:
    """deployed without testing, with people as the subject."""
    verb = at + 1
    while sentence.tag(verb) == "R":
        verb += 1
    word = sentence.word(verb)
    if not is_form(word, "ing") or lemma(word) not in words_of("undone") or sentence.is_question:
        return None
    by = next((index for index in range(max(0, at - 10), at) if sentence.words[index] == "by"), None)
    who = noun_phrase(sentence, by + 1) if by is not None else None
    if who is None or not who.is_people:
        act = next((i for i in range(at - 1, max(-1, at - 14), -1) if sentence.tags[i] in "VE"), None)
        who = subject(sentence, act) if act is not None and _is_past(sentence, act) else None
    if who is None or not who.is_people:
        return None
    return Hit(CODE, at, verb, "did-not")


def _is_past(sentence: Sentence, at: int) -> bool:
    """Whether a word stands as a verb in the past, not as a participle after "was"."""
    return sentence.tag(at - 1) != "B" and sentence.tag(at - 2) != "B"


LOOKS = woken_by(
    [
        (("should", "could", "might", "ought"), _modal),
        (("failed", "failing", "neglected", "neglecting", "forgot", "forgotten", "omitted"), _failed_to),
        (("failure",), _failure_to),
        (forms_of("omission", "past", "participle"), _left_out),
        (("not", "never"), _did_not),
        (("nobody", "no", "none", "no-one"), _nobody),
        (("supposed",), _supposed),
        (("without",), _without),
    ]
)
