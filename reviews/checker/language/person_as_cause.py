"""language-person-as-cause: a person, or a team, told as what brought the incident about."""

from .agents import PERSON, TEAM, THEY, THING, WE, Agent, agent
from .causes import after_cause_is, frame_ending_at
from .clauses import first_of, noun_phrase, subject
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
    if sentence.words[first] in words("causes", "of_anything") and not _names_bad(sentence, 0, first - 1):
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


def _harm(sentence: Sentence, at: int) -> Hit | None:
    """Bob broke the build; broken by Bob."""
    if sentence.is_question or is_denied(sentence, at, 4) or is_asked(sentence, at):
        return None
    base = lemma(sentence.words[at])
    passive = _passive_by(sentence, at)
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
    if base == "cause" and not _names_bad(sentence, at + 1, (following.last if following else at) + 3):
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


def _names_bad(sentence: Sentence, first: int, last: int) -> bool:
    return any(sentence.word(index) in words("causes", "bad_events") for index in range(first, last + 1))


def _passive_by(sentence: Sentence, at: int) -> Hit | None:
    if not is_participle(sentence.words[at]):
        return None
    for index in range(at + 1, min(at + 6, len(sentence))):
        if sentence.words[index] == "by":
            who = noun_phrase(sentence, index + 1)
            if who is not None and who.kind in {PERSON, TEAM, THEY, WE}:
                return Hit(CODE, at, who.last, "caused-by")
            return None
        if sentence.tags[index] in ",;.SW":
            break
    return None


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
    passive = _passive_by(sentence, verb)
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
    elif word == "responsible" and sentence.word(at + 1) == "for" and _names_bad(sentence, at + 2, at + 6):
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
        (words("causes", "accidents"), _by_accident),
        (("mistake", "accident", "error"), _by_mistake),
        (words("causes", "wrong"), _wrong),
        (("blame", "fault", "responsible"), _to_blame),
        (words("causes", "faults"), _owned_fault),
        (("because",), _because),
        (("bad", "us", "me"), _our_bad),
    ]
)
