"""Who is the subject: a shallow reading of the clause around a verb, from its word classes alone.

It reads leftwards from the verb: over adverbs and insertions, the noun phrase there, the phrases with prepositions
that hang on it ("the engineer on call that night"), relative clauses, and verbs that share one subject ("deployed it
and failed to notice"). Where it cannot tell, it says so, and the rules keep silent.
"""

from collections.abc import Iterator

from .agents import PERSON, THEY, THING, Agent, agent
from .lexicon import words
from .sentences import Sentence
from .verbs import is_form

# How far one looks for the subject of a verb.
_FAR = 40
_NOUNS = frozenset("nKQpG")
_VERBS = frozenset("VEMBHO")
_BOUNDS = frozenset(';".')


def subject(sentence: Sentence, verb: int) -> Agent | None:
    """The subject of the verb at `verb` (or of its first auxiliary); None where it cannot be told."""
    at = _before_verb(sentence, verb - 1)
    return _ending_at(sentence, at, verb, depth=4)


def noun_phrase(sentence: Sentence, at: int) -> Agent | None:
    """The noun phrase that begins at `at`: after "by", after "because"."""
    tags, size = sentence.tags, len(sentence)
    first = at
    if at >= size:
        return None
    if tags[at] in "IWY" or (tags[at] == "t" and sentence.tag(at + 1) in _VERBS):
        return agent(sentence, at, at)
    while at < size and tags[at] in "DR" and at - first < 4:
        at += 1
    last = first - 1
    while at < size and at - first < 14:
        tag = tags[at]
        if tag == "E" and not (sentence.tag(at + 1) in {"n", "G", "K"} and (last < first or tags[last] != "n")):
            break
        acts = tag == "G" or (tag == "n" and is_form(sentence.words[at], "past"))
        if acts and last >= first and agent(sentence, first, last).kind != THING:
            break  # "the engineer deploying", "the operators read"
        if tag not in "nKQpGED" or (tag == "D" and tags[at - 1] != "p" and at > first and tags[at - 1] in _NOUNS):
            break
        last = at
        at += 1
    if last < first:
        whole = noun_phrase(sentence, at + 1) if at > first and sentence.word(at) == "of" else None
        return (
            Agent(PERSON, first, whole.last, whole.head)
            if whole is not None and whole.is_people and whole.kind != THEY
            else None
        )
    if tags[last] == "p" and last > first:
        last -= 1
    found = agent(sentence, first, last)
    if found.kind in {THING} and sentence.word(last + 1) == "of" and _is_group(sentence, last):
        whole = noun_phrase(sentence, last + 2) if at - first < 14 else None
        if whole is not None and (whole.is_people or whole.kind == "they"):
            return Agent(PERSON, first, whole.last, whole.head)
    return found


def doer(sentence: Sentence, participle: int) -> Agent | None:
    """Who stands after "by" behind the participle: "was deleted last night by an engineer"."""
    for index in range(participle + 1, min(participle + 6, len(sentence))):
        if sentence.words[index] == "by":
            return noun_phrase(sentence, index + 1)
        if sentence.tags[index] in ",;.SW":
            break
    return None


def phrase_ends(sentence: Sentence, who: Agent) -> Iterator[int]:
    """Where a noun phrase ends, without and with what hangs on it: "an engineer", "an engineer of the provider"."""
    last = who.last
    yield last
    for _ in range(2):
        more = noun_phrase(sentence, last + 2) if sentence.tag(last + 1) == "P" else None
        if more is None:
            return
        last = more.last
        yield last


def clause_start(sentence: Sentence, at: int) -> int:
    """Where the clause around the word `at` begins: after a comma, a dash, a bracket or a subordinator."""
    tags = sentence.tags
    lowest = max(0, at - _FAR)
    while at > lowest:
        if tags[at - 1] in ',;(")WS.':
            return at
        at -= 1
    return at


def clause_subject(sentence: Sentence, verb: int) -> Agent | None:
    """The noun phrase with a verb of its own that is the nearest to the left of `verb`, with which it shares it."""
    tags = sentence.tags
    lowest = max(0, verb - _FAR)
    for begin in range(verb - 1, lowest - 1, -1):
        if begin > 0 and tags[begin - 1] not in ',;(")WSC.t' and sentence.words[begin - 1] not in _SAYING:
            continue
        start = begin
        while start < verb and tags[start] in "RCS":
            start += 1
        found = noun_phrase(sentence, start)
        if found is None or found.last >= verb:
            continue
        after = found.last + 1
        while after < verb and tags[after] in "RN":
            after += 1
        if tags[after] in _VERBS and after < verb:
            return found
        if found.is_people and (tags[after] in "PG" or _goes_on_after_comma(sentence, after, verb)):
            return found
    return None


def _goes_on_after_comma(sentence: Sentence, comma: int, verb: int) -> bool:
    """Whether an insertion begins at `comma`, and after it the verb: "a developer, on the first day, followed"."""
    if sentence.tag(comma) != ",":
        return False
    close = next((index for index in range(comma + 1, min(comma + 14, verb)) if sentence.tags[index] == ","), None)
    return close is not None and sentence.tag(close + 1) in _VERBS and close + 1 < verb


_SAYING = frozenset(("said", "says", "thinks", "think", "believe", "feel", "felt", "believed"))


def _before_verb(sentence: Sentence, at: int) -> int:
    """The last word of what may be the subject: before adverbs, auxiliaries and insertions."""
    tags = sentence.tags
    while at >= 0 and (tags[at] in "RNMBHO" or sentence.words[at] in {"all", "both", "each"}):
        if sentence.words[at] in {"all", "both", "each"} and sentence.tag(at - 1) not in _NOUNS | {"I"}:
            break
        at -= 1
    if (
        at > 1
        and _is_time(sentence, at)
        and sentence.words[at - 1] in {"that", "this", "last"}
        and tags[at - 2] in "nKQI"
    ):
        return at - 2
    return at


def _ending_at(sentence: Sentence, at: int, verb: int, depth: int) -> Agent | None:
    tags = sentence.tags
    if at < 0 or depth == 0 or verb - at > _FAR:
        return None
    tag = tags[at]
    if tag in "IY" and sentence.tag(at - 1) in _VERBS and sentence.words[at] in words("grammar", "objects"):
        return _before_relative(sentence, at, verb) or agent(sentence, at, at)
    if tag == "I" or (tag == "Y" and sentence.words[at] not in {"what"}):
        found = agent(sentence, at, at)
        grouped = sentence.word(at - 1) == "of" and at > 1 and _is_group(sentence, at - 2)
        return Agent(PERSON, at - 2, at, at) if grouped and found.is_people else found
    if tag == "E" and at > 0 and sentence.words[at] in words("grammar", "after_nouns"):
        return _ending_at(sentence, at - 1, verb, depth)
    if tag == "W":
        return _antecedent(sentence, at, verb)
    if tag == "t":
        return _antecedent(sentence, at, verb) if sentence.tag(at - 1) in _NOUNS else Agent(THING, at, at, at)
    if tag == ",":
        return _over_insertion(sentence, at, verb, depth)
    if tag == ")":
        opening = at
        while opening > 0 and tags[opening] != "(" and at - opening < 20:
            opening -= 1
        return _ending_at(sentence, _before_verb(sentence, opening - 1), verb, depth - 1)
    if tag in _NOUNS or (tag == "D" and sentence.tag(at - 1) in {"", ",", "S", "C", "t"}) or _is_on_call(sentence, at):
        return _phrase_ending_at(sentence, at, verb, depth)
    if tag in _BOUNDS:
        return None
    if tag == "C":
        return clause_subject(sentence, at if sentence.tag(at - 1) == "," else at + 1)
    return _before_relative(sentence, at, verb)


def _phrase_ending_at(sentence: Sentence, at: int, verb: int, depth: int) -> Agent | None:
    tags = sentence.tags
    if tags[at] == "G" and sentence.tag(at - 1) == "n":
        doing = agent(sentence, first_of(sentence, at - 1), at - 1)
        if doing.is_people:
            return Agent(doing.kind, doing.first, at, doing.head)  # "an administrator working late"
    first = first_of(sentence, at)
    found = agent(sentence, first, at)
    before = first - 1
    if before < 0:
        return found
    tag = tags[before]
    if tag in "VE":
        relative = before - 1
        while relative > 0 and tags[relative] in "RNBHOM":
            relative -= 1
        if relative > 0 and (tags[relative] == "W" or (tags[relative] == "t" and tags[relative - 1] in _NOUNS)):
            return _antecedent(sentence, relative, verb)
        return found
    if tag == "n" and sentence.words[before] in words("grammar", "after_nouns"):
        before, tag = before - 1, sentence.tag(before - 1)
    if tag in "PT" and before > 0:
        holder = before - 1
        while holder >= 0 and (tags[holder] == "P" or sentence.words[holder] in words("grammar", "after_nouns")):
            holder -= 1
        if holder > 0 and tags[holder] == "G" and tags[holder - 1] == "n":
            doing = agent(sentence, first_of(sentence, holder - 1), holder - 1)
            if doing.is_people:
                return Agent(doing.kind, doing.first, at, doing.head)  # "two engineers working in parallel"
        if holder >= 0 and (tags[holder] in _NOUNS or tags[holder] == "I"):
            whole = _phrase_ending_at(sentence, holder, verb, depth - 1) if depth > 1 else None
            if whole is not None and sentence.words[before] == "of" and _is_group(sentence, holder) and found.is_people:
                return Agent(PERSON, whole.first, at, found.head)
            if whole is not None and not (whole.kind == THING and tags[holder] == "n" and _is_time(sentence, holder)):
                return Agent(whole.kind, whole.first, at, whole.head)
        if holder >= 0 and tags[holder] in "EVG" and sentence.tag(holder - 1) in _NOUNS:
            return clause_subject(sentence, verb)
        return found
    if tag == "G" and sentence.tag(before - 1) in {"", ",", ";", "(", "C", "S", '"'} and tags[first] == "D":
        return Agent(THING, before, at, before)  # "Appointing a manager could have helped"
    if tag == "G" and sentence.tag(before - 1) in _NOUNS:
        whole = _phrase_ending_at(sentence, before - 1, verb, depth - 1) if depth > 1 else None
        return Agent(whole.kind, whole.first, at, whole.head) if whole is not None else None
    return found


def first_of(sentence: Sentence, at: int) -> int:
    """Where the noun phrase that ends at `at` begins."""
    tags = sentence.tags
    first = at
    if sentence.tags[at] == "I":
        return at
    lowest = max(-1, at - 14)
    index = at - 1
    while index > lowest:
        tag = tags[index]
        if tag == "G" and tags[first] == "D":
            break
        if tag in _NOUNS:
            if tags[first] == "D" and tag != "p":
                break
        elif tag == "E":
            if sentence.tag(index - 1) not in {"D", "R", "P", "C", "", ",", "p"} or tags[first] == "D":
                break
        elif tag == "D":
            first = index
            if sentence.tag(index - 1) != "p" and sentence.tag(index - 1) != "D":
                break
            index -= 1
            continue
        elif (_is_on_call(sentence, index + 1) and tag == "P") or (
            tag == "R" and tags[first] in "EnG" and sentence.tag(index - 1) == "D"
        ):
            pass
        else:
            break
        first = index
        index -= 1
    return first


def _antecedent(sentence: Sentence, at: int, verb: int) -> Agent | None:
    """What a relative pronoun stands for: "who" always for people; "that" and "which" for the noun phrase before."""
    word = sentence.words[at]
    noun = at - 1
    if sentence.tag(noun) == ",":
        noun -= 1
    if word != "who":
        if noun < 0 or sentence.tag(noun) not in _NOUNS:
            return Agent(THING, at, at, at)
        return _phrase_ending_at(sentence, noun, verb, depth=3)
    if noun >= 0 and sentence.tags[noun] in _NOUNS | {"I"}:
        found = agent(sentence, first_of(sentence, noun), noun)
        if found.kind != THING:
            return Agent(found.kind, found.first, at, found.head)
        whole = _phrase_ending_at(sentence, noun, verb, depth=3)
        if whole is not None and whole.kind != THING:
            return Agent(whole.kind, whole.first, at, whole.head)
        return Agent(PERSON, found.first, at, found.head)
    return Agent(PERSON, at, at, at)


def _over_insertion(sentence: Sentence, at: int, verb: int, depth: int) -> Agent | None:
    """Over what stands between commas: "the engineer, new to the team, should have"."""
    tags = sentence.tags
    for opening in range(at - 1, max(-1, at - 16), -1):
        if tags[opening] in ";(":
            break
        if tags[opening] == ",":
            before = _before_verb(sentence, opening - 1)
            inside = sentence.tag(opening + 1)
            if (
                inside in {"n", "R", "W", "P", "D", "S", "E", "G", "Q"}
                and before >= 0
                and tags[before] in _NOUNS | {"I"}
            ):
                return _ending_at(sentence, before, verb, depth - 1)
            break
    return clause_subject(sentence, at)


def _before_relative(sentence: Sentence, at: int, verb: int) -> Agent | None:
    """What a relative clause that ends at `at` hangs on: "the rollback that the engineer began", "the fix we made"."""
    tags = sentence.tags
    for index in range(at, max(0, at - 16), -1):
        if tags[index] in ";.,":
            return None
        if tags[index] == "W" or (tags[index] == "t" and tags[index - 1] in _NOUNS):
            return _antecedent(sentence, index, verb)
        if tags[index] in "ID" and tags[index - 1] in "nKQG":
            return _phrase_ending_at(sentence, index - 1, verb, depth=2)
    return None


def _is_on_call(sentence: Sentence, at: int) -> bool:
    return sentence.word(at) == "call" and sentence.word(at - 1) == "on"


def _is_group(sentence: Sentence, at: int) -> bool:
    return sentence.words[at] in words("agents", "group_of")


def _is_time(sentence: Sentence, at: int) -> bool:
    return sentence.words[at] in {
        "time",
        "moment",
        "day",
        "night",
        "morning",
        "week",
        "hour",
        "minutes",
        "hours",
        "end",
        "point",
    }
