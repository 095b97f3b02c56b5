"""A text with roles in the place of names, and what became of each name on the way."""

import html
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Self

from reviews.naming.addresses import labels_of_files, without_file_names, without_mailboxes
from reviews.naming.book import INVISIBLE, Book, Named
from reviews.naming.finding import ADDRESS, Mention, begins_sentence, find
from reviews.naming.markup import layout_of
from reviews.naming.suggesting import is_nobody

SOMEBODY = "a colleague"  # whose name could be that of two people here
NOBODY_KNOWN = "someone else"  # who came to a thing after the version was published
_CONTEXT = 40
_KEPT = 30  # passages of each person, for the preview
_ARTICLE = re.compile(r"(?:the|a|an|our)\s+", re.IGNORECASE)
_EMPHASIS = re.compile(r"[*_~`]+")
_WITHIN_WORD = re.compile(r"(?<=[^\W_])_+(?=[^\W_])")
_CLOSING = re.compile(r"[^\W_][*_~`]+")
# A sign within a word that Markdown would take for itself is escaped by editors: "z\\_quill".
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});|(?<=\w)\\[_.@'-](?=\w)|\\@(?=\w)")
_SHOUTED = re.compile(r"['’]S\b")
_CLOSED_ASIDE = {" (": ")", " <": ">", " [": "]", " (`": "`)"}


@dataclass(frozen=True)
class Passage:
    """A name in its text; `instead` is what stands there in the published version, the name itself where `doubt` is."""

    before: str
    name: str
    after: str
    instead: str
    doubt: str = ""


@dataclass
class Tally:
    """What became of one person's names: how many were replaced and left, and the first passages of each."""

    replaced: int = 0
    left: int = 0
    passages: list[Passage] = field(default_factory=list)
    doubtful: list[Passage] = field(default_factory=list)


def bare(role: str) -> str:
    """A role without its article: "on-call engineer"."""
    return _ARTICLE.sub("", role, count=1) if _ARTICLE.match(role) else role


def as_label(role: str) -> str:
    """A role where a name stands alone, as in a list of people: "On-call engineer"."""
    words = bare(role)
    return words[:1].upper() + words[1:]


def as_part(role: str) -> str:
    """A role within a path or a longer word: "on-call-engineer"."""
    return "-".join(re.findall(r"[^\W_]+", bare(role).lower()))


class Naming:
    """Writes texts anew; `tallies` say what it did, by the number of the person."""

    def __init__(self, people: Iterable[Named]) -> None:
        self.people = [*people]
        self.book = Book.of(self.people)
        self.tallies = [Tally() for _ in self.people]
        self.ambiguous: dict[tuple[int, ...], Tally] = {}
        self._labels = {one.shown.casefold(): one.role for one in reversed(self.people) if one.role}
        self._labels |= {one.written.casefold(): one.role for one in reversed(self.people) if one.role and one.name}

    @classmethod
    def frozen(cls, roles: Iterable[dict[str, Any]]) -> Self:
        """From Version.roles."""
        return cls(Named(**one) for one in roles)

    def as_frozen(self) -> list[dict[str, Any]]:
        """For Version.roles."""
        names = ("person", "name", "username", "email", "role", "everywhere")
        return [{name: getattr(one, name) for name in names} for one in self.people]

    def label(self, name: str) -> str:
        """What stands instead of `name` where a name stands alone."""
        role = self._labels.get(" ".join(name.split()).casefold())
        if role is None and (who := whole_name_of(name, self.book)):
            role = self.people[who[0]].role if len(who) == 1 else SOMEBODY
        return as_label(role) if role else self.written(name)

    def role_of(self, person: int | None) -> str:
        """What the person of this key is called where a name stands alone."""
        role = next((one.role for one in self.people if one.person == person and person is not None), NOBODY_KNOWN)
        return as_label(role)

    def label_or_nobody(self, name: str) -> str:
        """As `label`, for a name that may have come to the review after it was published."""
        written = self.label(name)
        return as_label(NOBODY_KNOWN) if written == name and not is_nobody(name) else written

    def written(self, text: str) -> str:
        """`text` with roles; the very same where it names nobody."""
        text = without_mailboxes(without_file_names(text), self.book)
        written = _with_letters(text)
        layout = layout_of(written)
        mentions = _asides_joined(written, find(written, self.book, layout=layout))
        if not mentions:
            return text
        text, files = written, labels_of_files(written)
        pieces: list[str] = []
        at = 0
        for one in mentions:
            is_file = files.hold(one.start)
            start, end, instead = self._placed(text, one, in_code=layout.code.hold(one.start), everywhere=is_file)
            if start < at:
                continue
            self._note(text, one, instead)
            pieces += [text[at:start], instead]
            at = end
        return "".join([*pieces, text[at:]])

    def _placed(self, text: str, one: Mention, *, in_code: bool, everywhere: bool) -> tuple[int, int, str]:
        """What stands instead of a mention, and of which characters; `everywhere`: even where it is in doubt."""
        people = [self.people[number] for number in one.who]
        if one.doubt and (one.doubt == ADDRESS or not (everywhere or all(person.everywhere for person in people))):
            return one.start, one.end, text[one.start : one.end]
        roles = {person.role for person in people}
        role = roles.pop() if len(roles) == 1 else SOMEBODY
        if one.is_part or (in_code and _is_joined(text, one)):
            return one.start, one.end, as_part(role)
        start, end = _with_role_beside(text, one, role)
        if start < one.start:
            role = text[start : one.start].rstrip()
        elif not in_code and begins_sentence(text, start):
            role = role[:1].upper() + role[1:]
        if end == one.end and _SHOUTED.match(text, end):
            return start, end + 2, f"{role}{text[end]}s"
        return start, end, _marks(text[one.start : one.end], role)

    def _note(self, text: str, one: Mention, instead: str) -> None:
        name = text[one.start : one.end]
        is_left = instead == name
        passage = Passage(
            text[max(0, one.start - _CONTEXT) : one.start],
            name,
            text[one.end : one.end + _CONTEXT],
            instead,
            one.doubt if is_left else "",
        )
        tally = self.tallies[one.who[0]] if len(one.who) == 1 else self.ambiguous.setdefault(one.who, Tally())
        kept = tally.doubtful if is_left else tally.passages
        tally.left += is_left
        tally.replaced += not is_left
        if len(kept) < _KEPT:
            kept.append(passage)


def _with_letters(text: str) -> str:
    """`text` with letters that are written as "&eacute;", "&#65;" or "\\_" as themselves, outside of code."""
    if "&" not in text and "\\" not in text:
        return text
    code = layout_of(text).code

    def letter(found: re.Match[str]) -> str:
        sign = found[0][1:] if found[0][0] == "\\" else html.unescape(found[0])
        is_of_a_name = found[0][0] == "\\" or sign.isalpha() or sign in INVISIBLE or unicodedata.combining(sign[:1])
        return sign if is_of_a_name and not code.hold(found.start()) else found[0]

    return _ENTITY.sub(letter, text)


def whole_name_of(name: str, book: Book) -> tuple[int, ...]:
    """Whose name these words are from beginning to end: "Ada" for Ada Lovelace."""
    found = find(name.strip(), book)
    is_whole = len(found) == 1 and not found[0].doubt and (found[0].start, found[0].end) == (0, len(name.strip()))
    return found[0].who if is_whole else ()


def _asides_joined(text: str, mentions: list[Mention]) -> list[Mention]:
    """ "Ada Lovelace (@ada)" names one person once."""
    joined: list[Mention] = []
    for one in mentions:
        last = joined[-1] if joined else None
        between = text[last.end : one.start] if last else ""
        closing = "" if between == " " and text[one.start] == "<" else _CLOSED_ASIDE.get(between)
        is_same = last is not None and last.who == one.who and not (last.doubt or one.doubt)
        if last and closing is not None and is_same and text.startswith(closing, one.end):
            joined[-1] = Mention(last.start, one.end + len(closing), last.who)
            continue
        joined.append(one)
    return joined


def _with_role_beside(text: str, one: Mention, role: str) -> tuple[int, int]:
    """The mention with the same role before or behind it: "the on-call engineer Ada", "Ada, the on-call engineer,"."""
    words = re.escape(bare(role))
    start, end = one.start, one.end
    before = text[max(0, start - len(role) - 8) : start]
    if found := re.search(rf"(?:\b(?:the|an?|our) )?\b{words} \Z", before, re.IGNORECASE):
        start -= len(before) - found.start()
    after = text[end : end + len(role) + 12]
    if found := re.match(
        rf"(?:, (?:the |our |an? )?{words}\b,?| \((?:the |our |an? )?{words}\))", after, re.IGNORECASE
    ):
        end += found.end()
    return start, end


def _marks(name: str, role: str) -> str:
    """The role with the marks of emphasis that stand within the name, so that they stay in pairs."""
    name = _WITHIN_WORD.sub("", name)
    marks = _EMPHASIS.findall(name)
    if len(marks) % 2 == 0:
        return role
    return f"{role}{marks[0]}" if _CLOSING.search(name) else f"{marks[0]}{role}"


def _is_joined(text: str, one: Mention) -> bool:
    signs = "/\\=@~:-_."
    before, after = text[one.start - 1 : one.start], text[one.end : one.end + 2]
    joined_after = len(after) == 2 and after[0] in signs and (after[1].isalnum() or after[1] in signs)
    return (before != "" and before in signs) or joined_after
