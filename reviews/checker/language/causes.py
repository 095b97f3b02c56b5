"""Where a sentence tells a cause: "due to ...", "the root cause was ...", a heading or a cell that is nothing else."""

from functools import cache

from .lexicon import phrases, words
from .sentences import Sentence
from .verbs import lemma, words_of


def stands_as_cause(sentence: Sentence, first: int, last: int) -> bool:
    """Whether the words from `first` to `last` stand where a cause is told."""
    if after_frame(sentence, first) or after_cause_is(sentence, first):
        return True
    verb = _verb_after(sentence, last + 1)
    if sentence.word(verb) in words("causes", "causing"):
        return True
    if sentence.word(verb) in {"was", "were"} and sentence.word(verb + 1) in {"the", "to", "responsible", "at"}:
        return True
    rest = [word for word in (*sentence.words[:first], *sentence.words[last + 1 :]) if word.isalpha()]
    if len(rest) <= 2 and (sentence.kind != "paragraph" or ":" in sentence.words[:first]):
        return True
    be = first - 1
    while be > 0 and sentence.tags[be] in "DRn":
        be -= 1
    return be > 0 and sentence.words[be] == "was" and sentence.words[be - 1] in {"it", "this", "that"}


def does_something(sentence: Sentence, last: int) -> bool:
    """Whether the noun phrase around `last` is told as acting: "a typo in the prefix removed too many servers"."""
    if sentence.tag(last + 1) in {"n", "K"}:
        return False
    verb = _verb_after(sentence, last + 1)
    if sentence.tag(verb) not in {"E", "V"} or sentence.tag(verb - 1) in {"W", "P", "D"}:
        return False
    return lemma(sentence.word(verb)) not in words_of("perception")


def _verb_after(sentence: Sentence, at: int) -> int:
    """The verb after what hangs on a noun before `at`: "a typo in the host name that led to"."""
    farthest = at + 10
    while at < farthest and sentence.tag(at) and sentence.tag(at) in "PDnGQKpRWtH":
        at += 1
    return at


def names_bad(sentence: Sentence, first: int, last: int) -> bool:
    """Whether one of these words says that something went wrong."""
    return any(sentence.word(index) in words("causes", "bad_events") for index in range(first, last + 1))


def after_frame(sentence: Sentence, at: int) -> bool:
    """Whether "caused by", "due to" and the like come just before the noun phrase around `at`."""
    begin = at
    while begin > 0 and begin > at - 6 and sentence.tags[begin - 1] in "DRnGEQ(":
        begin -= 1
    return any(frame_ending_at(sentence, index) for index in range(begin, at + 1))


def frame_ending_at(sentence: Sentence, at: int) -> int:
    """How many words before `at` are a phrase that a cause follows; 0 for none."""
    for frame in _frames().get(sentence.word(at - 1), ()):
        length = len(frame)
        if at >= length and tuple(sentence.words[at - length : at]) == frame:
            return length
    return 0


def after_cause_is(sentence: Sentence, at: int) -> bool:
    """Whether "the root cause was" or "Cause:" comes just before the noun phrase around `at`."""
    index = at - 1
    while (
        index >= 0
        and at - index < 6
        and (sentence.tags[index] in "DRn")
        and sentence.words[index] not in words("causes", "causes")
    ):
        index -= 1
    if index >= 1 and sentence.tags[index] in {"B", ";"}:
        index -= 1
        while index > 0 and sentence.tags[index] in "RnPDC)" and sentence.words[index] not in words("causes", "causes"):
            index -= 1
            if at - index > 12:
                break
        return sentence.words[index] in words("causes", "causes")
    return False


@cache
def _frames() -> dict[str, tuple[tuple[str, ...], ...]]:
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    for frame in phrases("causes", "frames"):
        found[frame[-1]] = (*found.get(frame[-1], ()), frame)
    return found
