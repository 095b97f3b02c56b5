"""The query language of the search box, feeds, saved searches and the board: text in, plain data and messages out.

Words, "a phrase", -word, `or`, and filters such as service:payments or -is:overdue. Reading never fails: what cannot
be understood is named in a message and left out. `a b or c` means a and b, or else c.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches

from core.search_dates import Days, SearchDateProblem, read_days, read_quarter
from core.text import one_line, storable

KINDS = ("service", "team", "cause", "severity", "status", "owner", "tag", "after", "before", "quarter", "is")
SEVERITIES = ("sev1", "sev2", "sev3", "sev4", "sev5")
STATUSES = ("draft", "in-review", "published", "archived")
STATES = ("open-actions", "overdue", "recurring", "unread")

LONGEST = 2_000
MOST_TERMS = 32
MOST_FILTERS = 24
LONGEST_WORD = 200

_QUOTES = str.maketrans("“”„«»", '"""""')
_TOKEN = re.compile(
    r'(?P<minus>-?)(?:(?P<kind>[A-Za-z][A-Za-z_-]*):(?!/|:))?(?:"(?P<quoted>[^"]*)(?:"|$)|(?P<plain>[^\s"]+))?'
)


@dataclass(frozen=True)
class Vocabulary:
    """What may be asked for in one place: an example for each kind of filter, and the values of those that have few.

    `ahead`: days may be told from today on as well, as +2w.
    """

    examples: Mapping[str, str]
    values: Mapping[str, tuple[str, ...]]
    ahead: bool = False


@dataclass(frozen=True)
class Term:
    """A word or a phrase; `start` and `end` are its place in the query's text."""

    text: str
    negated: bool
    start: int
    end: int
    phrase: bool = False


@dataclass(frozen=True)
class Filter:
    """A filter as understood: `value` in the form that means it, and the days it stands for where it names some."""

    kind: str
    value: str
    negated: bool
    start: int
    end: int
    days: Days | None = None


@dataclass(frozen=True)
class Message:
    """What was left out of a query, and why; `about` is the part of the text."""

    text: str
    about: str = ""


@dataclass(frozen=True)
class Query:
    """A query as understood. `groups` are joined by or, the terms of a group by and."""

    text: str
    groups: tuple[tuple[Term, ...], ...] = ()
    filters: tuple[Filter, ...] = ()
    messages: tuple[Message, ...] = ()

    @property
    def terms(self) -> list[Term]:
        """All words and phrases in order."""
        return [term for group in self.groups for term in group]

    def without(self, part: Term | Filter) -> str:
        """The query's text with one part left out; of severity:sev1,sev2 the other value stays."""
        return self._replaced(part, " ".join(self._beside(part)))

    def turned(self, part: Filter) -> str:
        """The query's text with one filter turned round: what it asked for is excluded, or the other way."""
        turned = written_filter(part.kind, part.value, not part.negated)
        return self._replaced(part, " ".join([*self._beside(part), turned]))

    def _beside(self, part: Term | Filter) -> list[str]:
        return [
            written_filter(one.kind, one.value, one.negated)
            for one in self.filters
            if (one.start, one.end) == (part.start, part.end) and one != part
        ]

    def with_filter(self, kind: str, value: str, *, negated: bool = False) -> str:
        """The query's text with one filter more."""
        return f"{self.text} {written_filter(kind, value, negated)}".strip()

    def with_filled(self, given: Mapping[str, str], fields: Iterable[str]) -> str:
        """The query's text with a filter for each of `fields` that was filled in; what it has already stays once."""
        has = {(one.kind, one.value) for one in self.filters if not one.negated}
        filled = [(kind, one_line(given.get(kind, "").replace('"', " "))[:LONGEST_WORD]) for kind in fields]
        added = [written_filter(*one) for one in filled if one[1] and one not in has]
        return " ".join([self.text, *added]).strip()

    def with_only(self, **values: str) -> str:
        """The query's text with these filters, by kind, in the place of all that ask for others of their kinds."""
        text = self.text
        spans = {(one.start, one.end) for one in self.filters if one.kind in values and not one.negated}
        for start, end in sorted(spans, reverse=True):
            text = f"{text[:start]} {text[end:]}"
        return " ".join([*text.split(), *(written_filter(kind, value) for kind, value in values.items())])

    def _replaced(self, part: Term | Filter, by: str) -> str:
        return " ".join(f"{self.text[: part.start]} {by} {self.text[part.end :]}".split())


def read_query(text: str, today: date, vocabulary: Vocabulary | None = None) -> Query:
    """What `text` asks for, of reviews where no other `vocabulary` is given. Never raises.

    `today` is the reader's day, from which 7d and 2m count back.
    """
    text = " ".join(storable(text).translate(_QUOTES).split())
    reading = _Reading(today, vocabulary or REVIEWS)
    if len(text) > LONGEST:
        text = text[:LONGEST]
        reading.tell(f"Only the first {LONGEST:,} characters were searched for.")
    for token in _tokens(text):
        reading.take(token)
    return reading.result(text)


def written_filter(kind: str, value: str, negated: bool = False) -> str:
    """A filter as one types it."""
    quoted = f'"{value}"' if re.search(r"[\s,]", value) else value
    return f"{'-' * negated}{kind}:{quoted}"


def _tokens(text: str) -> Iterator[re.Match[str]]:
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None or match.end() == position:
            position += 1  # a space, or a quotation mark that closes nothing
            continue
        yield match
        position = match.end()


@dataclass
class _Reading:
    """A query while it is read."""

    today: date
    vocabulary: Vocabulary
    groups: list[list[Term]] = field(default_factory=lambda: [[]])
    filters: list[Filter] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    last: list[str] = field(default_factory=lambda: ["", ""])

    def tell(self, text: str, about: str = "") -> None:
        message = Message(text, about)
        if message not in self.messages:
            self.messages.append(message)

    def take(self, token: re.Match[str]) -> None:
        written = token["kind"]
        kind = written.lower().replace("_", "-") if written is not None else "term"
        if written is not None:
            self.take_filter(kind, token)
        elif token["quoted"] is None and (token["plain"] or "").lower() == "or" and not token["minus"]:
            kind = "or"
            self.groups.append([])
        else:
            self.take_term(token)
        before, joint = self.last
        if joint == "or" and {before, kind} - {"", "term", "or"} and before != kind:
            self.tell("“or” joins words only: each filter applies to the whole query.", "or")
        self.last = [joint, kind]

    def take_term(self, token: re.Match[str]) -> None:
        words = (token["quoted"] if token["quoted"] is not None else token["plain"] or "").strip()
        if not words:
            return
        if len(words) > LONGEST_WORD and token["quoted"] is None:
            self.tell(f"“{words[:40]}…” is too long for a word and was left out.", words)
        elif sum(map(len, self.groups)) >= MOST_TERMS:
            self.tell(f"Only the first {MOST_TERMS} words were searched for.")
        else:
            term = Term(words, bool(token["minus"]), token.start(), token.end(), token["quoted"] is not None)
            self.groups[-1].append(term)

    def take_filter(self, kind: str, token: re.Match[str]) -> None:
        written = token[0]
        if kind not in self.vocabulary.examples:
            near = get_close_matches(kind, self.vocabulary.examples, n=1, cutoff=0.7)
            meant = f" Did you mean “{near[0]}:”?" if near else ""
            self.tell(f"There is no filter “{kind}:”.{meant} To search for the words, put them in quotes.", written)
            return
        quoted = token["quoted"]
        values = [quoted] if quoted is not None else (token["plain"] or "").split(",")
        values = [value.strip() for value in values if value.strip()]
        if not values:
            self.tell(
                f"“{kind}:” needs a value right after the colon, such as {self.vocabulary.examples[kind]}.", written
            )
        for value in values:
            self.take_value(kind, value, token)

    def take_value(self, kind: str, value: str, token: re.Match[str]) -> None:
        if len(self.filters) >= MOST_FILTERS:
            self.tell(f"Only the first {MOST_FILTERS} filters were used.")
            return
        try:
            value, days = _understood(kind, value, self.today, self.vocabulary)
        except SearchDateProblem as problem:
            self.tell(str(problem), token[0])
            return
        self.filters.append(Filter(kind, value, bool(token["minus"]), token.start(), token.end(), days))

    def result(self, text: str) -> Query:
        groups = tuple(tuple(group) for group in self.groups if group)
        return Query(text, groups, tuple(self.filters), tuple(self.messages))


class _NotAValue(SearchDateProblem):
    """A value that its filter does not know."""


def _understood(kind: str, value: str, today: date, vocabulary: Vocabulary) -> tuple[str, Days | None]:
    """The value in the form that means it. SearchDateProblem, with a message for the reader, when it means nothing."""
    if kind in ("after", "before"):
        return value, read_days(value, today, ahead=vocabulary.ahead)
    if kind == "quarter":
        return read_quarter(value)
    if kind not in vocabulary.values:
        return value, None
    known = vocabulary.values[kind]
    if kind == "severity":
        level = re.sub(r"^(sev|s|p)?[ -]?(?=\d$)", "sev", value.lower())
        return _one_of(level, known, f"There is no severity “{value}”. They are sev1 to sev5."), None
    word = re.sub(r"[ _]", "-", value.lower())
    if kind == "is":
        return _one_of(word, known, f"There is no “is:{value}”. There are {_listed(known)}."), None
    return _one_of(word, known, f"There is no {kind} “{value}”. They are {_listed(known)}."), None


def _one_of(value: str, known: tuple[str, ...], problem: str) -> str:
    if value not in known:
        raise _NotAValue(problem)
    return value


def _listed(words: tuple[str, ...]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}"


_EXAMPLES = {
    "service": "service:payments",
    "team": "team:platform",
    "cause": "cause:capacity",
    "severity": "severity:sev1",
    "status": "status:published",
    "owner": "owner:me",
    "tag": "tag:database",
    "after": "after:3m or after:2026-03-14",
    "before": "before:2026-03",
    "quarter": "quarter:2026-Q3",
    "is": "is:overdue",
}
REVIEWS = Vocabulary(_EXAMPLES, {"severity": SEVERITIES, "status": STATUSES, "is": STATES})
