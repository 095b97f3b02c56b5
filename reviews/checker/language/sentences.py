"""Sentences and their words, each at its place in the text, with the part of speech that its closed class tells."""

import re
from collections.abc import Iterator
from functools import cache, cached_property

from .lexicon import entries, words
from .prose import THING, Passage
from .verbs import irregular_pasts, is_form

# A longer sentence is read in pieces: it bounds what a rule looks at, whatever the text.
LONGEST = 90

_TOKEN = re.compile(
    rf"{THING}+|@?[^\W_{THING}](?:[^\W_{THING}]|(?<=[^\W_])[-'’._](?=[^\W_{THING}])){{0,80}}|\.{{2,}}|[.!?;:,()\[\]\"“”„«»…–—/&+]|--+"
)
_CONTRACTIONS = {"'ve": "have", "'ll": "will", "'re": "are", "'m": "am", "'d": "had", "'s": "'s"}
_TIMES = frozenset(("night", "day", "time", "morning", "evening", "week", "moment", "weekend", "point", "hour"))
_QUOTES = frozenset('"“”„«»')
_ENDS = frozenset(".!?…")


class Sentence:
    """The words of a sentence: `words` in lower case with contractions taken apart, `raw` as they stand, `starts` and
    `ends` as characters of the whole text. `before` is the sentence before it in the passage; `kind` that of the
    passage; `people` the names that are known to be people's.
    """

    def __init__(self, kind: str, before: "Sentence | None", people: frozenset[str]) -> None:
        self.kind, self.before, self.people = kind, before, people
        self.words: list[str] = []
        self.raw: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []

    def __len__(self) -> int:
        return len(self.words)

    def word(self, index: int) -> str:
        """The word there, "" outside of the sentence."""
        return self.words[index] if 0 <= index < len(self.words) else ""

    def tag(self, index: int) -> str:
        """The part of speech there, "" outside of the sentence."""
        return self.tags[index] if 0 <= index < len(self.words) else ""

    @cached_property
    def words_held(self) -> frozenset[str]:
        """The different words."""
        return frozenset(self.words)

    @cached_property
    def is_question(self) -> bool:
        """Whether it asks."""
        return self.words[-1] == "?"

    @cached_property
    def tags(self) -> list[str]:
        """A letter for each word.

        D determiner, P preposition, C coordinator, S subordinator, W relative pronoun, M modal, B be, H have, O do,
        N negation, I personal pronoun, Y pronoun of a thing, t "that", T "to", R adverb, Q number, K code or address,
        V verb in the past, E word in -ed, G word in -ing, p possessive 's, n anything else, and punctuation as it is
        (; for colon and dash as well, " for every quotation mark).
        """
        tags = [_tag(word) for word in self.words]
        for index, tag in enumerate(tags):
            if tag == "t" and index + 1 < len(tags) and self.words[index + 1] in _TIMES:
                tags[index] = "D"
        return tags

    @cached_property
    def in_quotes(self) -> list[bool]:
        """For each word, whether it stands between quotation marks that close again."""
        marks = [index for index, word in enumerate(self.words) if word in _QUOTES]
        inside = [False] * len(self.words)
        for opening, closing in zip(marks[::2], marks[1::2], strict=False):
            inside[opening:closing] = [True] * (closing - opening)
        return inside


def sentences(passage: Passage, people: frozenset[str] = frozenset()) -> Iterator[Sentence]:
    """The sentences of a passage."""
    start, text, abbreviations = passage.start, passage.text, words("grammar", "abbreviations")
    sentence = Sentence(passage.kind, None, people)
    for found in _TOKEN.finditer(text):
        written, begin = found[0], found.start()
        lower = written.lower()
        if written == "IT":  # the department, unless all is in capitals
            lower = "i.t" if not text.isupper() else lower
        if len(lower) != len(written):  # "İ" grows: its pieces could not be told apart by offset
            lower = written
        if "'" in lower or "’" in lower or lower in _typed():
            for piece, piece_start, piece_end in _pieces(lower):
                sentence.words.append(piece)
                sentence.raw.append(written[piece_start:piece_end])
                sentence.starts.append(start + begin + piece_start)
                sentence.ends.append(start + begin + piece_end)
        else:
            sentence.words.append(lower)
            sentence.raw.append(written)
            sentence.starts.append(start + begin)
            sentence.ends.append(start + found.end())
        ends = written in _ENDS and _ends_here(sentence, text, found.end(), abbreviations)
        if ends or len(sentence.words) > LONGEST:
            yield sentence
            sentence = Sentence(passage.kind, sentence, people)
            sentence.before.before = None  # type: ignore[union-attr]
    if sentence.words:
        yield sentence


def _ends_here(sentence: Sentence, text: str, position: int, abbreviations: frozenset[str]) -> bool:
    if sentence.words[-1] != ".":
        return True
    before = sentence.words[-2] if len(sentence.words) > 1 else ""
    if before in abbreviations or (
        len(before) == 1 and before.isalpha() and sentence.raw[-2].isupper() and before != "i"
    ):
        return False
    following = text[position : position + 4].lstrip(" \n\t\"'”’)*_")
    return not (following and following[0].islower())


@cache
def _typed() -> dict[str, str]:
    typed: dict[str, str] = entries("grammar")["typed"]
    return typed


@cache
def _closed_classes() -> dict[str, str]:
    tags: dict[str, str] = {}
    for key, tag in [
        ("adverbs", "R"), ("things", "Y"), ("personal", "I"), ("wh", "W"), ("subordinators", "S"), ("determiners", "D"),
        ("prepositions", "P"), ("coordinators", "C"), ("modals", "M"), ("be", "B"), ("have", "H"), ("do", "O"),
        ("negations", "N"),
    ]:  # fmt: skip
        tags |= dict.fromkeys(words("grammar", key), tag)
    tags |= (
        dict.fromkeys(":;–—…", ";") | dict.fromkeys(_QUOTES, '"') | dict.fromkeys("([", "(") | dict.fromkeys(")]", ")")
    )
    return tags | {
        "that": "t",
        "which": "W",
        "to": "T",
        ",": ",",
        "'s": "p",
        "'": "p",
        ".": ".",
        "?": ".",
        "!": ".",
        "/": "C",
    }


def is_closed(word: str) -> bool:
    """Whether it is a word of grammar, which stands in every other sentence."""
    return word in _closed_classes()


_known: dict[str, str] = {}


def _tag(word: str) -> str:
    tag = _known.get(word)
    if tag is None:
        tag = _told(word)
        if len(_known) < 50_000:
            _known[word] = tag
    return tag


def _told(word: str) -> str:
    closed = _closed_classes().get(word)
    if closed:
        return closed
    if word[0] == THING:
        return "K"
    if word[0].isdigit():
        return "Q"
    if word in irregular_pasts():
        return "V"
    if word.endswith("ly") and len(word) > 4 and word not in words("grammar", "not_adverbs"):
        return "R"
    if word.endswith("ed") and len(word) > 3 and not word.endswith("eed"):
        return "E"
    if word.endswith("ing") and len(word) > 5:
        return "G"
    if is_form(word, "participle") and not is_form(word, "base"):
        return "E"
    if word.startswith("--"):
        return ";"
    return "n"


def _pieces(word: str) -> list[tuple[str, int, int]]:
    if word in _typed():
        first, second = _typed()[word].split()
        cut = len(word) - (3 if word == "cannot" else 2)
        return [(first, 0, cut), (second, cut, len(word))]
    plain = word.replace("’", "'")
    if plain.endswith("n't") and len(plain) > 3:
        base = {"can't": "can", "won't": "will", "shan't": "shall"}.get(plain, plain[:-3])
        cut = len(plain) - 3
        return [(base, 0, cut), ("not", cut, len(plain))]
    if plain.endswith("n't've"):
        cut = len(plain) - 6
        return [(plain[:cut], 0, cut), ("not", cut, cut + 3), ("have", cut + 3, len(plain))]
    for suffix, full in _CONTRACTIONS.items():
        if plain.endswith(suffix) and len(plain) > len(suffix):
            cut = len(plain) - len(suffix)
            return [(plain[:cut], 0, cut), (full, cut, len(plain))]
    return [(plain, 0, len(plain))]
