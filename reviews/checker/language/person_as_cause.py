"""language-person-as-cause: a person, or a team, told as what brought the incident about."""

from .agents import PERSON, TEAM, THEY, THING, WE, Agent, agent
from .causes import after_cause_is, frame_ending_at, names_bad
from .clauses import doer, noun_phrase, subject
from .context import is_asked, is_denied
from .hits import Hit, woken_by
from .lexicon import phrases, words
from .sentences import Sentence
from .verbs import forms_of, is_form, is_participle, lemma, words_of

CODE = "language-person-as-cause"


def _frame(sentence: Sentence, at: int) -> Hit | None:
    """caused by an engineer, due to Alice's change."""
    length = frame_ending_at(sentence, at + 1)
    if not length or sentence.is_question or sentence.words[at] == "through":
        return None
    who = noun_phrase(sentence, at + 1)
    first = at + 1 - length
    if who is None or is_denied(sentence, first) or sentence.words[who.head] in {"people", "others", "everyone"}:
        return None
    if sentence.words[first] in words("causes", "of_anything") and not names_bad(sentence, 0, first - 1):
        return None
    if who.kind in {PERSON, TEAM, THEY} or (who.kind == WE and sentence.words[first] != "thanks"):
        if sentence.words[first] == "thanks" and not _bad_follows(sentence, who):
            return None
        if _is_passive_or_state(sentence, who.last + 1):
            return None
        return Hit(CODE, first, who.last, "caused-by")
    return _act_of_person(sentence, first, who)


def _bad_follows(sentence: Sentence, who: Agent) -> bool:
    if sentence.word(who.last + 1) in {"who", "breaking", "deleting"}:
        return True
    return not {"lost", "broke", "down", "deleted", "offline"}.isdisjoint(sentence.words[who.last + 1 : who.last + 6])


def _is_passive_or_state(sentence: Sentence, at: int) -> bool:
    """ "due to engineers being unavailable", "because of engineers not having access": what befell them."""
    return sentence.word(at) in {
        "being",
        "not",
        "having",
        "lacking",
        "needing",
        "unable",
        "without",
        "'",
        "access",
        "waiting",
    }


def _act_of_person(sentence: Sentence, first: int, what: Agent) -> Hit | None:
    """Alice's change, the developer's mistake."""
    for index in range(what.first + 1, what.last):
        if sentence.tags[index] != "p":
            continue
        owner = agent(sentence, what.first, index - 1)
        if owner.kind == PERSON and sentence.words[what.last] in words("causes", "acts") | words("causes", "faults"):
            return Hit(CODE, first, what.last, "caused-by")
    return None


def _cause_is(sentence: Sentence, at: int) -> Hit | None:
    """The root cause was an engineer who ..."""
    if sentence.is_question or sentence.tag(at + 1) not in {"B", ";", "R"}:
        return None
    begin = at + 1
    while sentence.tag(begin) in {"B", ";", "R"}:
        begin += 1
    if sentence.word(begin) in {"not", "that"} or is_denied(sentence, at, 3):
        return None
    who = noun_phrase(sentence, begin)
    if who is not None and who.kind == THING and sentence.words[at] == "cause":
        return _act_of_person(sentence, at, who)
    if who is None or who.kind not in {PERSON, TEAM, THEY, WE} or not after_cause_is(sentence, who.head):
        return None
    following = sentence.tag(who.last + 1)
    if (
        sentence.words[at] not in {"cause", "culprit"}
        or following in {"H", "B", "M", "O"}
        or is_form(sentence.word(who.last + 1), "base", "present")
    ):
        return None
    return Hit(CODE, at, who.last, "caused-by")


def done_by_people(sentence: Sentence, at: int) -> Hit | None:
    """A participle with people after "by": "broken by Bob"."""
    who = doer(sentence, at) if is_participle(sentence.words[at]) else None
    return Hit(CODE, at, who.last, "caused-by") if who is not None and who.is_people else None


def _harm(sentence: Sentence, at: int) -> Hit | None:
    """Bob broke the build; broken by Bob."""
    if sentence.is_question or is_denied(sentence, at, 4) or is_asked(sentence, at):
        return None
    base = lemma(sentence.words[at])
    passive = done_by_people(sentence, at)
    if passive is not None:
        return passive if sentence.words[at] in words("causes", "harmed") or base in words_of("slip") else None
    if not is_form(sentence.words[at], "past") or sentence.tag(at - 1) == "B":
        return None
    if base == "break" and sentence.word(at + 1) in {"down", "out", "up", "even", "off"}:
        return None
    who = subject(sentence, at)
    if who is None or not who.is_people:
        if base != "fat-finger" or (who is not None and who.kind != "thing"):
            return None
        return Hit(CODE, at, at, "broke")
    if who.kind in {WE, TEAM} and not _is_plain_harm(sentence, at, base):
        return None
    following = noun_phrase(sentence, at + 1)
    if base == "cause" and not names_bad(sentence, at + 1, (following.last if following else at) + 3):
        return None
    if base == "break" and (following is None or sentence.words[following.head] in words("causes", "mended")):
        return None
    last = following.last if following is not None and following.last - at < 7 else at
    return Hit(CODE, who.first if 0 < at - who.last < 4 else at, last, "broke")


def _is_plain_harm(sentence: Sentence, at: int, base: str) -> bool:
    """Whether a group says of itself that it did harm: "we broke production"; not "we crashed a node on purpose"."""
    if base in words_of("slip") or base in words_of("own_harm") or base == "cause":
        return True
    return base == "break" and any(
        sentence.word(i) in words("causes", "whole_systems") | {"build", "it", "deploy", "login"}
        for i in range(at + 1, at + 4)
    )


def _down(sentence: Sentence, at: int) -> Hit | None:
    """Bob took production down, took down the site."""
    if sentence.is_question or is_denied(sentence, at, 4):
        return None
    verb = next(
        (i for i in range(at - 1, max(-1, at - 6), -1) if sentence.words[i] in words("causes", "takes_down")), None
    )
    if verb is None:
        return None
    near = sentence.words[verb + 1 : at] + sentence.words[at + 1 : at + 5]
    if words("causes", "whole_systems").isdisjoint(near) or not {"for", "to"}.isdisjoint(sentence.words[at : at + 7]):
        return None
    who = subject(sentence, verb)
    if who is None or not who.is_individual:
        return None
    return Hit(CODE, who.first if verb - who.last < 4 else verb, at, "broke")


def _idiom(sentence: Sentence, at: int) -> Hit | None:
    """Somebody messed up."""
    if sentence.word(at + 1) != "up" or sentence.is_question or is_denied(sentence, at, 4):
        return None
    who = subject(sentence, at)
    if who is None or not who.is_people:
        return None
    return Hit(CODE, who.first if 0 < at - who.last < 4 else at, at + 1, "broke")


def _because(sentence: Sentence, at: int) -> Hit | None:
    """because Alice pushed a bad file: one person, and what she did."""
    who = noun_phrase(sentence, at + 1)
    if who is None or who.kind != PERSON or sentence.is_question or is_denied(sentence, at, 3):
        return None
    if sentence.words[who.head] in {"you", "everyone", "anyone", "everybody"}:
        return None
    if (
        sentence.words[who.head] in {"engineers", "developers", "operators"}
        and "of" not in sentence.words[who.first : who.last]
    ):
        return None
    verb = who.last + 1
    while sentence.tag(verb) == "R" or sentence.word(verb) in {"had", "has"}:
        verb += 1
    word = sentence.word(verb)
    if lemma(word) not in words_of("action") or not is_form(word, "past", "participle"):
        return None
    return Hit(CODE, at, verb, "caused-by")


_FRAME_ENDS = frozenset(frame[-1] for frame in phrases("causes", "frames"))
_SLIPS = forms_of("slip", "past", "participle") | forms_of("harm", "past", "participle") | {"wiped", "corrupted"}

LOOKS = woken_by(
    [
        (_FRAME_ENDS, _frame),
        (("cause", "culprit"), _cause_is),
        (_SLIPS, _harm),
        (("down", "offline"), _down),
        ({idiom[0] for idiom in phrases("causes", "idioms")}, _idiom),
        (("because",), _because),
    ]
)
