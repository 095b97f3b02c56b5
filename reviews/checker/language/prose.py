"""The prose of a Markdown text: what a person wrote as sentences, at the very offsets of the text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Code, addresses and other text that is not prose but stands as a noun in a sentence: "`api` failed to start".
THING = "\ue000"

_FENCE = re.compile(r"[ \t>]{0,40}(?:[-*+] )?(```+|~~~+)")
_INDENTED = re.compile(r"(?: {4}|\t)")
_MARKERS = re.compile(
    r"[ \t]{0,80}(?:>[ \t]?){0,20}(?:(?P<heading>\#{1,6})[ \t]|(?P<item>(?:[-*+•]|\d{1,9}[.)])[ \t]{1,20}(?:\[[ xX]\][ \t])?))?"  # noqa: E501
)
_RULE = re.compile(r"[ \t>]*[-=*_|:+ \t]{3,}$")
_TIMED = re.compile(r"[*_\[(|]{0,4}(?:\d{4}-\d\d-\d\d|\d{1,2}:\d\d)")
_LOG = re.compile(
    r"\[?\d{2,4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d.{0,60}?\b(?:ERROR|WARN(?:ING)?|INFO|DEBUG|FATAL|CRITICAL|TRACE|error|warn|info)\b"  # noqa: E501
    r"|\[?(?:ERROR|WARN(?:ING)?|INFO|DEBUG|FATAL|CRITICAL|TRACE|PANIC)\b[\]: ]"
    r"|[IWEF]\d{4} \d\d:\d\d|at [\w.$]{3,200}\(|Traceback \(|Caused by: |[\w.]{0,80}(?:Exception|Error): "
    r"|\$ \S|(?:panic|fatal|error|warning): "
)
_MARKED = re.compile(r"[`<\[\]:\ue000]|//|www\.")
_TICKS = re.compile("`+")
_INLINE = re.compile(
    r"(?P<link>\]\([^()\s]{0,2000}(?:\s{1,20}\"[^\"\n]{0,300}\")?\)|\]\[[^\[\]]{0,200}\])"
    r"|(?P<address><?(?:https?|ftp|ssh|mailto):[^\s<>)\]]{1,2000}>?|www\.[^\s<>)\]]{1,2000})"
    r"|(?P<tag></?[A-Za-z][^<>]{0,500}>)"
)
_DEFINITION = re.compile(r"[ \t]{0,3}\[[^\[\]]{1,200}\]:[ \t]")


@dataclass(frozen=True)
class Passage:
    """A heading, paragraph, list item or table cell. `text` is its prose, of the length of its place at `start`;
    what is no prose is blank there, or THING where it stands for a noun. `kind` is "heading", "item", "cell" or
    "paragraph".
    """

    start: int
    text: str
    kind: str


def passages(text: str) -> Iterator[Passage]:
    """The passages of `text` in order, without code, addresses, HTML, front matter and lines of logs."""
    for start, end, kind in _places(text):
        if start < end:
            yield Passage(start, _masked(text[start:end]), kind)


def _places(text: str) -> Iterator[tuple[int, int, str]]:
    start, end, kind = 0, 0, ""
    for line_start, line_end, line_kind in _lines(text):
        goes_on = kind and line_kind == "more"
        if kind and not goes_on:
            yield start, end, kind
            kind = ""
        if goes_on:
            end = line_end
        elif line_kind == "cell":
            yield from _cells(text, line_start, line_end)
        elif line_kind == "heading":
            yield line_start, line_end, "heading"
        elif line_kind:
            start, end, kind = line_start, line_end, "item" if line_kind == "item" else "paragraph"
    if kind:
        yield start, end, kind


def _lines(text: str) -> Iterator[tuple[int, int, str]]:
    """Lines of prose: where they begin after their markers, where they end, and "heading", "item", "cell", "timed",
    "more" (which may go on from the line before), or "" for what separates.
    """
    fence, in_comment, after_blank, in_list = "", False, True, False
    position = _after_front_matter(text)
    for line in text[position:].splitlines(keepends=True):
        start, position = position, position + len(line)
        bare = line.rstrip()
        if fence:
            if bare.lstrip(" \t>").startswith(fence):
                fence = ""
            yield start, start, ""
            continue
        if in_comment:
            in_comment = "-->" not in bare
            yield start, start, ""
            continue
        if not bare:
            after_blank = True
            yield start, start, ""
            continue
        opening = _FENCE.match(bare)
        if opening:
            fence = opening[1][:3]
        elif bare.lstrip().startswith("<!--"):
            in_comment = "-->" not in bare
        else:
            markers = _MARKERS.match(bare)
            begin = markers.end() if markers else 0
            kind = _kind(bare, begin, markers, after_blank and not in_list)
            in_list = kind == "item" or (in_list and not (after_blank and not bare[0].isspace()))
            after_blank = False
            yield start + begin, start + len(bare), kind if begin < len(bare) else ""
            continue
        after_blank = False
        yield start, start, ""


def _kind(bare: str, begin: int, markers: re.Match[str] | None, may_be_code: bool) -> str:
    if may_be_code and _INDENTED.match(bare):
        return ""
    if _RULE.match(bare) or _DEFINITION.match(bare) or _LOG.match(bare, begin):
        return ""
    if markers and markers["heading"]:
        return "heading"
    if bare.startswith("|", begin) or bare.count("|", begin) > 1:
        return "cell"
    if markers and markers["item"]:
        return "item"
    return "timed" if _TIMED.match(bare, begin) else "more"


def _after_front_matter(text: str) -> int:
    if not text.startswith("---\n"):
        return 0
    close = text.find("\n---", 3, 20_000)
    return close + 4 if close > 0 else 0


def _cells(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    while start < end:
        bar = text.find("|", start, end)
        bar = end if bar < 0 else bar
        if text[start:bar].strip():
            yield start, bar, "cell"
        start = bar + 1


def _masked(text: str) -> str:
    if "\n" in text and "\n>" in text.replace(" ", ""):
        text = re.sub(r"(?m)^[ \t]{0,8}>(?:[ \t]?>){0,8}", lambda quote: " " * len(quote[0]), text)
    if not _MARKED.search(text):
        return text
    if "`" in text:
        text = _without_code(text)
    return _INLINE.sub(_blank, text)


def _blank(found: re.Match[str]) -> str:
    length = len(found[0])
    return THING * length if found["address"] else " " * length


def _without_code(text: str) -> str:
    runs = [(run.start(), run.end()) for run in _TICKS.finditer(text)]
    following: dict[int, list[int]] = {}
    for index, (start, end) in enumerate(runs):
        following.setdefault(end - start, []).append(index)
    for indexes in following.values():
        indexes.reverse()
    parts, position, index = [], 0, 0
    while index < len(runs):
        start, end = runs[index]
        alike = following[end - start]
        while alike and alike[-1] <= index:
            alike.pop()
        if alike:
            close = alike[-1]
            stop = runs[close][1]
            parts += [text[position:start], THING * (stop - start)]
            position, index = stop, close + 1
        else:
            index += 1
    return "".join([*parts, text[position:]])
