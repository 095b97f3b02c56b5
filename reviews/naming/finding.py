"""Where names stand in a text. Linear in its length, whatever it holds; runs no query."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from reviews.naming.book import WORD, Book, Named, is_ordinary, key_of, without_possessive
from reviews.naming.markup import Layout, Spans, layout_of

WORD_ITSELF, WITHIN, ADDRESS = "word", "within", "address"

_MOST_CLAIMANTS = 50  # of one word: of more people with one name each is as likely as the other
_GAP = re.compile(
    r"[*_~`]{0,3}(?:(?P<dot>\.)?[ \t\u00a0]{1,2}|[ \t]?\n[ \t>]{0,3}|[-‐._])[*_~`\"“(]{0,3}|\.|[*_~`]{0,3}[\"”)] "
)
_COMPOUND = re.compile(rf"{WORD.pattern}(?:[-._]{WORD.pattern})+")
_NAME_AFTER_AT = re.compile(r"\w[\w.+@-]{0,149}")
_DOMAIN = re.compile(r"[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}")
_BEGINS = re.compile(
    r"(?:\A|[.!?…][\"'”’)\]*_~]*\s+|\n[ \t>]*\n|\n[ \t]*(?:[-*+>#|]|\d{1,9}[.)])[\s>#*+|-]*|\|[ \t]*)"
    r"(?:\d[\d:.,–-]*\s+)*[\s*_~`\"“‘(\[>#|+-]*\Z"
)
_DATE_BEFORE = re.compile(
    r"(?:\d(?:st|nd|rd|th)?|\b(?:in|since|until|during|early|late|mid|this|last|next))[ ,-]{1,2}\Z", re.IGNORECASE
)
_DATE_AFTER = re.compile(r"[ ,]{1,2}\d")
_VERB = re.compile(
    r"['’]s?\b|(?:,? who)?[ \n](?:(?:also|then|now|first|later|immediately|quickly) )?(?:\w+ed|was|is|had|has|did|saw|"
    r"ran|went|took|found|got|made|said|told|thought|knew|began|came|gave|kept|left|sent|wrote|felt|held|put|chose|"
    r"paged|and|then|also|joined|shut|brought|understood|wanted|could not|couldn['’]t|did not|didn['’]t)\b"
)
_CAPITAL = re.compile(r"\b[^\W\d_]{4,}")


@dataclass(frozen=True)
class Mention:
    """A place where a name stands; `who` are the numbers in the book of those who may be meant.

    `doubt` says why it is perhaps none, or cannot be replaced: WORD_ITSELF an ordinary word, WITHIN a part of a longer
    word, ADDRESS in a link. `is_part` of something to which no words with spaces may be put.
    """

    start: int
    end: int
    who: tuple[int, ...]
    doubt: str = ""
    is_part: bool = False


@dataclass(frozen=True)
class _Word:
    start: int
    end: int
    key: str
    raw: str


def find(text: str, book: Book, *, layout: Layout | None = None, at_large: bool = False) -> list[Mention]:
    """Every mention of somebody in `book`, in order; `layout` is that of the text, where it is known already.

    `at_large`: the book holds everybody, so only what names somebody without much doubt counts.
    """
    if not book.people:
        return []
    return [*_Search(text, book, layout or layout_of(text), at_large).mentions()]


def begins_sentence(text: str, at: int) -> bool:
    """Whether a sentence, a line of a list or a cell begins at `at`."""
    before = text[max(0, at - 60) : at]
    found = _BEGINS.search(before)
    return found is not None and (found.start() > 0 or found[0][:1] in ".!?…\n|" or at <= 60)


class _Search:
    """One text, one book."""

    def __init__(self, text: str, book: Book, layout: Layout, at_large: bool) -> None:
        self.text, self.book, self.at_large = text, book, at_large
        self.layout = layout
        self.special = [*self._signs(), *self._unspaced()]
        self.taken = Spans([*self.layout.addresses.spans, *((one.start, one.end) for one in self.special)])
        self.words = [
            _Word(found.start(), found.start() + len(name), key_of(name), name)
            for found in WORD.finditer(text)
            if not self.taken.hold(found.start())
            for name in [self._bare(found[0])]
        ]

    def mentions(self) -> Iterator[Mention]:
        found = [*(one for one in self.special if one.who), *self._in_addresses(), *self._in_words()]
        end = -1
        for one in sorted(found, key=lambda mention: mention.start):
            if one.start >= end:
                yield one
                end = one.end

    def _bare(self, raw: str) -> str:
        return raw if key_of(raw) in self.book.by_word else without_possessive(raw)

    def _signs(self) -> Iterator[Mention]:
        """@username, and addresses of mail; those of nobody here keep others from looking into them."""
        text, book = self.text, self.book
        for found in re.finditer("@", text):
            at = found.start()
            if self.layout.addresses.hold(at) or text[at + 1 : at + 2] == "@":
                continue
            start = at
            while start > 0 and at - start < 64 and (text[start - 1].isalnum() or text[start - 1] in "._+-"):
                start -= 1
            if start == at:
                said = _NAME_AFTER_AT.match(text, at + 1)
                for name in dict.fromkeys([said[0], said[0].rstrip(".+@-_")] if said else []):
                    number = book.by_username.get(name.lower(), book.by_handle.get(name.lower()))
                    if number is not None:
                        yield Mention(at, at + 1 + len(name), (number,))
                        break
                continue
            domain = _DOMAIN.match(text, at + 1)
            if domain is None:
                continue
            local = text[start:at].lower()
            number = book.by_mailbox.get(f"{local}@{domain[0].lower()}", book.by_handle.get(local.partition("+")[0]))
            if number is None:
                yield Mention(start, domain.end(), ())
            elif "." in domain[0]:
                bracketed = text[start - 1 : start] == "<" and text[domain.end() : domain.end() + 1] == ">"
                yield Mention(start - bracketed, domain.end() + bracketed, (number,))
            else:
                yield Mention(start, at, (number,), is_part=True)

    def _unspaced(self) -> Iterator[Mention]:
        pattern = self.book.unspaced_names
        for found in pattern.finditer(self.text) if pattern else ():
            if not self.layout.addresses.hold(found.start()):
                yield Mention(*found.span(), (self.book.unspaced[found[0]],))

    def _in_addresses(self) -> Iterator[Mention]:
        """Names in links: they would break if another word stood there."""
        for start, end in self.layout.addresses.spans:
            for found in WORD.finditer(self.text, start, end):
                key = key_of(found[0])
                number = self.book.by_handle.get(key)
                claimants = self.book.by_word.get(key, [])
                if number is None and len(claimants) == 1:
                    number = claimants[0]
                if number is not None and not is_ordinary(key):
                    yield Mention(*found.span(), (number,), ADDRESS)
                    break

    def _in_words(self) -> Iterator[Mention]:
        place = 0
        while place < len(self.words):
            found, following = self._at(place)
            if found is not None:
                yield found
            place = following

    def _at(self, place: int) -> tuple[Mention | None, int]:
        """The mention that begins with the word at `place`, and the word to go on with."""
        word = self.words[place]
        handle = self._handle(word)
        if handle is not None:
            mention, end = handle
            following = place + 1
            while following < len(self.words) and self.words[following].start < end:
                following += 1
            return mention, following
        best: list[int] = []
        best_weight, last = 0.0, place
        for number in self._claimants(place):
            end_place, weight = self._run(number, place)
            if weight > best_weight:
                best, best_weight, last = [number], weight, end_place
            elif weight == best_weight and weight:
                best.append(number)
        if best_weight > 1:
            return self._whole(place, last, best), last + 1
        if best and word.key in self.book.by_word:
            return self._alone(place, best), place + 1
        return None, place + 1

    def _claimants(self, place: int) -> list[int]:
        """Whose name may begin with this word; an initial counts where a word of the same name follows it."""
        word = self.words[place]
        claimants = self.book.by_word.get(word.key, ())
        if len(word.key) == 1 and word.raw.isupper() and place + 1 < len(self.words):
            following = self.book.by_word.get(self.words[place + 1].key, ())
            claimants = [*claimants, *(n for n in following if n in self.book.by_initial.get(word.key, ()))]
        return [*dict.fromkeys(claimants)][:_MOST_CLAIMANTS]

    def _run(self, number: int, place: int) -> tuple[int, float]:
        """How far words of one person's name follow each other, and how much they say together."""
        named = self.book.people[number]
        own, last, seen = set(named.own_words), place, [self.words[place]]
        while len(seen) < len(named.words) + 2 and last + 1 < len(self.words):
            before, after = self.words[last], self.words[last + 1]
            if any(after.key == one.key for one in seen) or not (
                self._are_together(before, after) or self._is_turned_round(named, before, after)
            ):
                break
            if after.key not in named.words and not self._is_initial(after, own - {one.key for one in seen}):
                break
            seen.append(after)
            last += 1
        while last > place and seen[-1].key not in own and len(seen[-1].key) > 1:
            seen.pop()
            last -= 1
        strong = sum(one.key in own for one in seen)
        return last, strong + 0.5 * (len(seen) > strong) if strong else 0.0

    def _is_initial(self, word: _Word, own: set[str]) -> bool:
        followed = self.text[word.end : word.end + 1] == "."
        return len(word.key) == 1 and word.raw.isupper() and followed and any(one[0] == word.key for one in own)

    def _is_turned_round(self, named: Named, before: _Word, after: _Word) -> bool:
        """As in "Lovelace, Ada"."""
        own = named.own_words
        return (before.key, after.key) == (own[-1], own[0]) and self.text[before.end : after.start] == ", "

    def _are_together(self, before: _Word, after: _Word) -> bool:
        gap = self.text[before.end : after.start]
        found = _GAP.fullmatch(gap) if len(gap) <= 10 else None
        return found is not None and (found["dot"] is None or len(before.key) == 1)

    def _handle(self, word: _Word) -> tuple[Mention, int] | None:
        """A username or its like, with signs in it or a digit: "ada.lovelace", "alovelace2"."""
        if self._is_joined_before(word):
            return None
        found = _COMPOUND.match(self.text, word.start) if self.text[word.end : word.end + 1] in "-._" else None
        for raw in dict.fromkeys([without_possessive(found[0]), word.raw] if found else [word.raw]):
            number = self.book.by_handle.get(raw.lower())
            end = word.start + len(raw)
            if number is None or raw.lower() in self.book.by_word or is_ordinary(raw.lower()):
                continue
            if raw is word.raw and found and self._is_joined_after(word):
                return Mention(word.start, end, (number,), WITHIN, is_part=True), end
            return Mention(word.start, end, (number,)), end
        return None

    def _whole(self, place: int, last: int, who: list[int]) -> Mention:
        """Several words of a name, with the "van" before them."""
        words = self.book.people[who[0]].words
        while (
            place > 0 and self.words[place - 1].key in words and self._are_together(*self.words[place - 1 : place + 1])
        ):
            place -= 1
        start, end = self.words[place].start, self.words[last].end
        if len(self.words[last].key) == 1 and self.text[end : end + 1] == ".":
            end += 1
        start -= self.text[start - 1 : start] == "@"
        return Mention(start, end, tuple(who))

    def _alone(self, place: int, who: list[int]) -> Mention | None:
        word = self.words[place]
        if len(who) > 1 and word.raw.islower() and (owner := self.book.by_username.get(word.key)) in who:
            who = [number for number in who if number == owner]
        named = self.book.people[who[0]]
        if self.at_large:
            is_given = word.key == named.own_words[0] and len(named.own_words) > 1
            if not is_given or not _is_capitalised(word.raw) or is_ordinary(word.key) or self._is_joined(word):
                return None
            return Mention(word.start, word.end, tuple(who))
        if word.key not in named.own_words:
            return None
        doubt = self._doubt(word, len(named.own_words) == 1 and named.person is None)
        if doubt is None:
            return None
        start = word.start - (self.text[word.start - 1 : word.start] == "@" and not doubt)
        return Mention(start, word.end, tuple(who), doubt, is_part=self._is_joined(word))

    def _doubt(self, word: _Word, is_all: bool) -> str | None:
        """Why this word may be no name; empty where it is one, None where it certainly is none.

        `is_all`: somebody typed just this word as a name.
        """
        ordinary = is_ordinary(word.key) and not (is_all and len(word.key) > 1 and word.raw.isupper())
        if self._is_joined(word):
            if ordinary:
                return None if word.raw.islower() else WITHIN
            hyphens = {self.text[word.start - 1 : word.start], self.text[word.end : word.end + 1]} & {".", "_"}
            return "" if _is_capitalised(word.raw) and not hyphens else WITHIN
        if not ordinary:
            return ""
        if word.raw.islower():
            said = self.text[word.end : word.end + 1] in (":", ">") and self.text[word.start - 1 : word.start] in (
                "",
                "\n",
                "<",
            )
            return "" if said and word.key in self.book.by_username else None
        return self._doubt_of_ordinary(word)

    def _doubt_of_ordinary(self, word: _Word) -> str | None:
        before, after = self.text[max(0, word.start - 8) : word.start], self.text[word.end : word.end + 40]
        if word.key in ("a", "i", "may", "april", "june", "august") and (
            len(word.key) == 1 or _DATE_BEFORE.search(before) or _DATE_AFTER.match(after)
        ):
            return None
        if _VERB.match(after) and not word.raw.isupper():
            return ""
        if word.raw.isupper() or begins_sentence(self.text, word.start) or self._is_title(word):
            return WORD_ITSELF
        return ""

    def _is_title(self, word: _Word) -> bool:
        """Whether all the words around it begin with a capital."""
        line_start = self.text.rfind("\n", max(0, word.start - 100), word.start) + 1 or max(0, word.start - 100)
        line_end = self.text.find("\n", word.end, word.end + 100)
        around = self.text[line_start : line_end if line_end >= 0 else word.end + 100]
        words = _CAPITAL.findall(around)
        return len(words) > 2 and all(one[0].isupper() for one in words)

    def _is_joined(self, word: _Word) -> bool:
        return self._is_joined_before(word) or self._is_joined_after(word)

    def _is_joined_before(self, word: _Word) -> bool:
        before = self.text[max(0, word.start - 2) : word.start]
        return len(before) == 2 and before[1] in "-._" and before[0].isalnum() and not self._ends(before, word)

    def _ends(self, before: str, word: _Word) -> bool:
        return before[1] == "." and _is_capitalised(word.raw)

    def _is_joined_after(self, word: _Word) -> bool:
        after = self.text[word.end : word.end + 2]
        if len(after) < 2 or after[0] not in "-._" or not after[1].isalnum():
            return False
        return not (after[0] == "." and _is_capitalised(word.raw) and after[1].isupper())


def _is_capitalised(raw: str) -> bool:
    return raw[:1].isupper() and not (raw.isupper() and len(raw) > 1)
