"""language-person-as-cause: somebody deleted, cut or leaked what was needed, told as the harm itself.

People delete things every day. It is harm in the telling when what is gone was of value ("dropped the production
table"), when the act is called wrong ("their incorrect command"), or when the damage is done by it in so many words.
"""

from .agents import PERSON, TEAM, Agent, agent
from .clauses import first_of, noun_phrase, subject
from .context import is_asked, is_denied, is_possible
from .hits import Hit, woken_by
from .lexicon import words
from .person_as_cause import CODE
from .sentences import Sentence
from .verbs import is_form, lemma


def _is_told(sentence: Sentence, at: int) -> bool:
    if sentence.is_question or sentence.in_quotes[at]:
        return False
    return not (is_asked(sentence, at) or is_denied(sentence, at, 4) or is_possible(sentence, at))


def _destroyed(sentence: Sentence, at: int) -> Hit | None:
    """An engineer deleted the production database; the volume was wiped by an operator."""
    word = sentence.words[at]
    if not _is_told(sentence, at):
        return None
    if sentence.tag(at - 1) == "B" or (sentence.tag(at - 1) == "R" and sentence.tag(at - 2) == "B"):
        return _destroyed_by(sentence, at)
    what = noun_phrase(sentence, at + 1)
    told = is_form(word, "past") or sentence.tags[at] in "VE"
    who = subject(sentence, at) if what is not None and told else None
    if what is None or who is None or not (who.is_individual or who.kind == TEAM):
        return None
    whatever = sentence.words[who.head] in {"someone", "somebody"} or word in words("destruction", "always_harm")
    if not _is_of_value(sentence, what, whatever) or (not whatever and _has_purpose(sentence, what.last + 1)):
        return None
    return Hit(CODE, who.first if 0 < at - who.last < 4 else at, what.last, "broke")


def _destroyed_by(sentence: Sentence, at: int) -> Hit | None:
    if sentence.word(at + 1) != "by":
        return None
    who = noun_phrase(sentence, at + 2)
    what = subject(sentence, at - 1)
    if who is None or not who.is_individual or what is None:
        return None
    if not words("destruction", "worthless").isdisjoint(sentence.words[what.first : what.last + 1]):
        return None
    return Hit(CODE, at, who.last, "broke")


def _is_of_value(sentence: Sentence, what: Agent, whatever: bool) -> bool:
    last = what.last
    if sentence.word(last + 1) in {"from", "of", "in", "on"}:  # "files from the live database"
        whole = noun_phrase(sentence, last + 2)
        last = whole.last if whole is not None else last
    told = sentence.words[what.first : last + 1]
    if not words("destruction", "worthless").isdisjoint(told):
        return False
    return whatever or not words("destruction", "valued").isdisjoint(told)


def _has_purpose(sentence: Sentence, at: int) -> bool:
    """Whether it was done for something: "deleted the table to free space", "and restored it"."""
    word = sentence.word(at)
    if word in {"to", "for", "so", "before", "in"}:
        return word != "in" or sentence.word(at + 1) == "order"
    return word == "and" and lemma(sentence.word(at + 1)) in words("destruction", "mending")


def _act_of(sentence: Sentence, at: int) -> Hit | None:
    """The technician's incorrect command; one employee's action brought down the site."""
    owner_end = at - 1
    while owner_end > 0 and sentence.tags[owner_end] in "nRGE" and at - owner_end < 4:
        owner_end -= 1
    first = _owner(sentence, owner_end)
    if first is None or not _is_told(sentence, at):
        return None
    if not words("causes", "wrong").isdisjoint(sentence.words[owner_end:at]):
        return Hit(CODE, first, at, "fault-of")
    verb = _verb_of(sentence, at + 1)
    if verb is None or sentence.words[verb] not in words("destruction", "did_harm"):
        return None
    return Hit(CODE, first, at, "caused-by")


def _owner(sentence: Sentence, at: int) -> int | None:
    """Where the owner begins whose possessive ends at `at`, if it is people: "the technician's", "my"."""
    if sentence.word(at) in {"my", "his", "her"}:
        return at
    if at < 1 or sentence.tag(at) != "p":
        return None
    first = first_of(sentence, at - 1)
    return first if agent(sentence, first, at - 1).kind in {PERSON, TEAM} else None


def _verb_of(sentence: Sentence, at: int) -> int | None:
    """The verb whose subject ends before `at`, over what stands between commas."""
    if sentence.tag(at) == ",":
        close = next((i for i in range(at + 1, min(at + 12, len(sentence))) if sentence.tags[i] == ","), None)
        if close is None:
            return None
        at = close + 1
    while sentence.tag(at) in {"R", "H"}:
        at += 1
    return at if sentence.tag(at) in {"V", "E"} or is_form(sentence.word(at), "past") else None


LOOKS = woken_by(
    [
        (words("destruction", "verbs"), _destroyed),
        (words("causes", "acts"), _act_of),
    ]
)
