"""What stands around words and takes their sting: negation, talk about the words themselves, plans, questions."""

from functools import cache

from .lexicon import words
from .sentences import Sentence


def is_denied(sentence: Sentence, at: int, reach: int = 7) -> bool:
    """Whether the words before `at` in its clause deny it: "not due to", "rather than", "no one is", "without"."""
    tags = sentence.tags
    denying = words("context", "denying")
    for index in range(at - 1, max(-1, at - 1 - reach), -1):
        word = sentence.words[index]
        if word in denying and not (word == "only" and sentence.word(index - 1) != "not"):
            return True
        if tags[index] in ";." or (tags[index] in ",S" and word not in {"than"}):
            return False
        if word in {"than", "of"} and sentence.word(index - 1) in {"rather", "instead"}:
            return True
    return False


def is_spoken_about(sentence: Sentence, first: int, last: int) -> bool:
    """Whether the sentence speaks about the words or the idea, not of what happened: "human error is never a root
    cause", "to reduce the risk of human error", "the term ...".
    """
    before, after = words("context", "about_before"), words("context", "about_after")
    lowest = max(-1, first - 9)
    for index in range(first - 1, lowest, -1):
        if sentence.words[index] in before or _stem(sentence.words[index]) in before:
            return True
        if sentence.tags[index] in ";." or (
            sentence.tags[index] == "," and sentence.tag(index + 1) in {"C", "S", "I", "W"}
        ):
            break
    for index in range(last + 1, min(len(sentence), last + 5)):
        word = sentence.words[index]
        if word in after:
            return True
        if sentence.tags[index] in ";.,C":
            break
    return False


def is_asked(sentence: Sentence, at: int) -> bool:
    """Whether the clause asks, directly or not: "how could we have seen it?", "what we could have done better"."""
    if sentence.is_question:
        return True
    asking = words("context", "asking")
    return any(sentence.words[index] in asking for index in range(max(0, at - 5), at)) and not any(
        sentence.tags[index] in ",;." for index in range(max(0, at - 5), at)
    )


def is_possible(sentence: Sentence, at: int) -> bool:
    """Whether the clause only says that it may be: "may accidentally delete", "to accidentally delete"."""
    for index in range(at - 1, max(-1, at - 6), -1):
        tag = sentence.tags[index]
        if tag == "M":
            return sentence.word(index + 1) != "have" and sentence.word(index + 2) != "have"
        if tag == "T" and sentence.word(index - 1) not in {"due", "owing", "thanks"}:
            return index == at - 1
        if tag in ",;.WS":
            return False
    return False


def is_general(sentence: Sentence, at: int) -> bool:
    """Whether what follows tells what may come of it at any time: "failure to follow these rules may result in"."""
    return any(
        sentence.tags[index] == "M" and sentence.word(index + 1) != "have"
        for index in range(at, min(len(sentence), at + 14))
    )


def tells_the_past(sentence: Sentence) -> bool:
    """Whether something in the sentence is told as past: "of course it was full", not "you can, of course, use"."""
    past = {"was", "were", "had", "did", "could", "should", "would", "might"}
    return not past.isdisjoint(sentence.words) or any(
        tag == "V" or (tag == "E" and sentence.tag(index - 1) in {"n", "I", "Y", "R", "G", "K"})
        for index, tag in enumerate(sentence.tags)
    )


@cache
def _stem(word: str) -> str:
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) > len(ending) + 3:
            return word[: -len(ending)]
    return word
