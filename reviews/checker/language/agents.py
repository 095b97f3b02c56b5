"""Who a noun phrase speaks of: one person, a team, ourselves, nobody, a user outside, or a thing."""

from dataclasses import dataclass
from functools import cache

from .lexicon import words
from .sentences import Sentence

PERSON, TEAM, WE, THEY, NOBODY, OUTSIDER, THING = "person", "team", "we", "they", "nobody", "outsider", "thing"
_OURS = frozenset({PERSON, TEAM, WE, THEY})


@dataclass(frozen=True)
class Agent:
    """A noun phrase from the word `first` to `last`, with its noun at `head`."""

    kind: str
    first: int
    last: int
    head: int

    @property
    def is_people(self) -> bool:
        """Whether people who build and run systems are meant, one or several."""
        return self.kind in _OURS

    @property
    def is_individual(self) -> bool:
        """Whether one can point at the person, or at the persons."""
        return self.kind in {PERSON, THEY}


def agent(sentence: Sentence, first: int, last: int) -> Agent:
    """The agent of the noun phrase from `first` to `last`."""
    head = last
    after = words("grammar", "after_nouns")
    while head > first and (sentence.words[head] in after or sentence.tags[head] == "R"):
        head -= 1
    return Agent(_kind(sentence, first, head), first, last, head)


def _kind(sentence: Sentence, first: int, head: int) -> str:
    word = sentence.words[head]
    pronoun = _pronouns().get(word)
    if pronoun:
        return _they(sentence, first) if pronoun == THEY else pronoun
    if word == "one" and sentence.word(head - 1) == "no":
        return NOBODY
    if word[0] == "@":
        return THING if word[1:] in words("agents", "rooms") else PERSON
    if is_name(sentence, head) and sentence.word(first) not in {"the", "a", "an"}:
        return PERSON
    if word == "call" and sentence.word(head - 1) == "on" and head - 1 > first:
        return PERSON
    known = _nouns().get(word)
    if known is None:
        return THING
    modifiers = sentence.words[first:head]
    singular = word.removesuffix("s")
    if singular in words("agents", "members"):
        if not words("agents", "member_company").isdisjoint(modifiers):
            return PERSON
        if singular == "lead" and head == first + 1 and sentence.tags[first] == "D":
            return PERSON
        machines = words("agents", "machine_managers" if singular == "manager" else "machine_operators")
        if known != PERSON or (singular != "admin" and not machines.isdisjoint(modifiers)):
            return THING
        if _is_titled(sentence, head) and words("agents", "human_titles").isdisjoint(modifiers):
            return THING
    if known == "alone":
        owned = head > first and (sentence.tags[head - 1] == "p" or (word == "management" and head == first + 1))
        alone = (first == head or owned) and sentence.tag(head + 1) not in {"P", "T", "n"}
        return TEAM if alone else THING
    return known


def _is_titled(sentence: Sentence, head: int) -> bool:
    """Whether it has a name of its own, as programs have: "the Lock Manager", "the DropletManager Agent"."""
    name = sentence.raw[head - 1]
    return sentence.raw[head][0].isupper() and name[0].isupper() and sentence.kind != "heading" and not name.isupper()


def is_name(sentence: Sentence, index: int) -> bool:
    """Whether the word is somebody's name as far as one can tell: a known given name, a surname after one, or one of
    the people who are known.
    """
    raw = sentence.raw[index]
    if not raw[0].isupper() or sentence.tags[index] != "n":
        return False
    if raw in sentence.people or raw in words("names", "names"):
        return True
    return (
        index > 0
        and sentence.raw[index - 1] in words("names", "names")
        and raw[1:].islower()
        and sentence.words[index] not in _nouns()
    )


def _they(sentence: Sentence, before: int) -> str:
    """ "They" are people if the words before speak of people."""
    for index in range(before - 1, -1, -1):
        if _speaks_of_people(sentence, index):
            return THEY
    earlier = sentence.before
    if earlier is not None and any(_speaks_of_people(earlier, index) for index in range(len(earlier))):
        return THEY
    return THING


def _speaks_of_people(sentence: Sentence, index: int) -> bool:
    kind = _nouns().get(sentence.words[index])
    if kind in {PERSON, TEAM} and sentence.words[index].removesuffix("s") not in words("agents", "members"):
        return sentence.tag(index + 1) != "n"
    return is_name(sentence, index)


@cache
def _pronouns() -> dict[str, str]:
    kinds = dict.fromkeys(words("agents", "persons"), PERSON) | dict.fromkeys(words("agents", "team_pronouns"), WE)
    kinds |= dict.fromkeys(words("agents", "nobody"), NOBODY) | dict.fromkeys(words("agents", "plural_pronouns"), THEY)
    return kinds


@cache
def _nouns() -> dict[str, str]:
    kinds: dict[str, str] = {}
    for key, kind in [("members", "member"), ("individuals", PERSON), ("teams", TEAM), ("outsiders", OUTSIDER)]:
        for noun in words("agents", key):
            kinds[noun] = kinds[noun + "s"] = kind
    kinds |= dict.fromkeys(words("agents", "individuals_plural"), PERSON)
    return kinds | dict.fromkeys(words("agents", "teams_alone"), "alone")
