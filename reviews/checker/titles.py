"""What the title of an action says: whether something will be different, whether one can tell, and how many tasks.

A span is where the words stand in the title.
"""

import re
from collections.abc import Iterable

from reviews.checker.language.verbs import is_form
from reviews.checker.wordlists import any_of, finder, wordlists

Span = tuple[int, int]

_DETAILS = 4_000  # characters of the details that may tell the outcome
_WORDS, _CARE = wordlists("actions"), wordlists("care")
# "We should", "[ ]", "TODO:", "Payments:" and the like before the verb.
_LEAD = (
    r"\A[^\w\[]{0,9}(?:\[[ xX]?\] ?)?(?:[\w/-]{1,30}(?: [\w/-]{1,30}){0,2}: ?)?"
    r"(?:(?:we|the team|someone|everyone|people|engineers|developers|operators|they"
    r"|let[’']s|please|need|needs|want|plan|should|must|will|could|may|might|have|has|to"
    r"|also|then|going) ){0,5}"
)


def _beginning(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"{_LEAD}(?P<words>{any_of(words)})", re.IGNORECASE)


_TRYING = _beginning([*_CARE["asked"], *_WORDS["trying"]])
_UNNAMED = re.compile(rf"{_LEAD}(?P<words>{_WORDS['unnamed'][0]})\W*\Z", re.IGNORECASE)
_INQUIRING = _beginning(_WORDS["inquiring"])
_IMPROVING = _beginning(_WORDS["improving"])
_ENDLESS = _beginning(_WORDS["endless"])
_QUANTITY = _beginning(_WORDS["quantities"])
_DOING = _beginning([*_WORDS["doing"], *_WORDS["inquiring"]])
_OUTCOME = finder(*_WORDS["outcomes"])
_MEANS = finder(*_WORDS["means"])
_MEASURE = re.compile("|".join(rf"(?<!\w)(?:{one})(?!\w)" for one in _WORDS["measures"]), re.IGNORECASE)
_UNMEASURED = finder(*_WORDS["unmeasured"])
_CONDITION = re.compile(
    r"\b(?:when|whenever|if|once|while|as soon as)\b(?! (?:possible|needed|necessary|appropriate))", re.I
)
_TOPICS = set(_WORDS["topics"])
_TASK = re.compile(rf"(?:^|[.;]\s+|\n\W*){any_of(_WORDS['doing'])}", re.IGNORECASE | re.MULTILINE)

_NEXT = re.compile(
    r"(?P<joint>(?:,|;|\.)? (?:and|then|plus|as well as)(?: then| also)?|[,;.]|\s[+&]) (?:also )?"
    rf"(?P<verb>{any_of(_WORDS['doing'])})(?=(?P<rest>[^;\n]*))",
    re.IGNORECASE,
)
_OBJECT = re.compile(r" (?P<word>[\w`“\"'(@#][\w'’-]*)")
_DETERMINERS, _SAME, _SMALL, _TELLING = (set(_WORDS[name]) for name in ("determiners", "same", "small", "telling"))
_SHARES_OBJECT = re.compile(rf"\A\s*\Z|(?:\A|,|\b(?:and|or|to))\s*{any_of(_WORDS['doing'])}\s*\Z", re.IGNORECASE)
_ONE_WORD = re.compile(r"\s*[\w-]+(?<!s)\s*")
_FINDINGS = re.compile(
    r" (?:(?:the|our|its|all|any) )?(?:findings?|results?|outcomes?|decisions?|conclusions?|answers?|learnings?)\b",
    re.I,
)
_WITHIN = re.compile(r"\b(?:that|which|who|when|if|so|until|before|where|how|what|why|whether)\b", re.IGNORECASE)
_PURPOSE = re.compile(r"\bto ([a-z]+)", re.IGNORECASE)
_DOES = {*_WORDS["doing"], *_WORDS["inquiring"], *_WORDS["serving"]}


def vague_words(title: str, details: str = "") -> Span | None:
    """The verb or the words that leave open what will be different."""
    if found := _TRYING.match(title) or _UNNAMED.match(title):
        return found.span("words")
    words = re.findall(r"[\w-]+", title.lower())
    if words and len(words) < 5 and _TOPICS.issuperset(words):
        return _whole(title)
    more = details[:_DETAILS]
    if found := _INQUIRING.match(title):
        is_open = not (
            _OUTCOME.search(title, found.end()) or _OUTCOME.search(more) or _MEASURE.search(title, found.end())
        )
        return found.span("words") if is_open else None
    if found := _IMPROVING.match(title):
        said_how = _MEANS.search(title, found.end()) or _MEASURE.search(title, found.end())
        return None if said_how or _says_how(more) else found.span("words")
    return None


def unmeasured_words(title: str, details: str = "") -> Span | None:
    """The words that leave open when it is done: more of something, always, as needed."""
    more = details[:_DETAILS]
    if _MEASURE.search(title) or _says_how(more):
        return None
    if found := _ENDLESS.match(title):
        return found.span("words")
    if (found := _QUANTITY.match(title)) and not _MEANS.search(title) and " to " not in title[found.end() :]:
        return found.span("words")
    condition = _CONDITION.search(title)
    found = _UNMEASURED.search(title, 0, condition.start() if condition else len(title))
    return found.span() if found else None


def several_tasks(title: str) -> Span | None:
    """Where a second task begins, up to the next one."""
    lead = _DOING.match(title)
    if lead is None:
        return None
    asks = _INQUIRING.match(title)
    tasks = [
        found
        for found in _NEXT.finditer(title, lead.end())
        if _is_task(title[lead.end() : found.start()], found) and not (asks and found["verb"].lower() in _TELLING)
    ]
    if not tasks:
        return None
    start, end = tasks[0].start("verb"), tasks[1].start() if len(tasks) > 1 else len(title)
    return start, start + len(title[start:end].rstrip(" .,;"))


def _is_task(between: str, found: re.Match[str]) -> bool:
    """Whether a verb after "and" begins something else to do: not one that shares its object with the verb before
    ("design and build a limiter"), nor what is done with the same thing ("and test it"), nor a noun ("and test data").
    """
    joint, verb, rest = found["joint"].strip().lower(), found["verb"].lower(), found["rest"]
    if _SHARES_OBJECT.search(between):
        return False
    follows = _OBJECT.match(rest)
    word = follows["word"].lower() if follows else ""
    if not word or word in _SAME or word in _SMALL or _FINDINGS.match(rest):
        return False
    if verb in _WORDS["nouns_too"] and word not in _DETERMINERS:
        return False
    if _ONE_WORD.fullmatch(between) and word not in _DETERMINERS:
        return False
    # "Add a check to block deploys and notify the owner": the second verb may belong to the purpose.
    serves = any(_is_verb(word.lower()) for word in _PURPOSE.findall(between))
    return joint != "and" or not (serves or _WITHIN.search(between))


def _is_verb(word: str) -> bool:
    return word in _DOES or is_form(word, "base")


def _says_how(details: str) -> bool:
    """Whether the details tell what the title leaves open."""
    return bool(_MEASURE.search(details) or _TASK.search(details))


def _whole(title: str) -> Span:
    return len(title) - len(title.lstrip()), len(title.rstrip())
