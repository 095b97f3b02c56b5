"""What a line of Markdown is: blank, a rule, the mark of a list item, the start of a block."""

import re
from itertools import pairwise

MOST_COLUMNS = 100
_SHORT = 50  # a line break before a word that would still have fitted here was meant

_INDENT = re.compile(r"[ \t]*")
FENCE = re.compile(r" {0,3}(`{3,}+(?!.*`)|~{3,})(.*)")
HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*))?$")
ITEM = re.compile(r"( {0,3})([-+*]|\d{1,9}[.)])([ \t]+|$)")
FOOTNOTE = re.compile(r" {0,3}\[\^([^\[\]\s]{1,100})\]:(?:[ \t]+(.*))?$")
DEFINITION = re.compile(
    r" {0,3}\[([^\[\]]{1,300})\]:[ \t]*(?:<([^<>]*)>|(\S+))"
    r"(?:[ \t]+(?:\"([^\"]*)\"|'([^']*)'|\(([^()]*)\)))?[ \t]*$"
)
_CELL_END = re.compile(r"(?<!\\)\|")
ALIGNMENT = re.compile(r"(:?)-+(:?)")


def blank(line: str) -> bool:
    """Whether nothing shows in the line."""
    return not line or line.isspace()


def untabbed(line: str) -> str:
    """The line with the tabs before its first word as spaces; those after it are text."""
    indent = _INDENT.match(line)
    end = indent.end() if indent else 0
    return line[:end].expandtabs(4) + line[end:]


def is_rule(line: str) -> bool:
    """Whether the line is drawn across the page: three or more hyphens, stars or low lines."""
    marks = line.replace(" ", "").replace("\t", "")
    return len(marks) > 2 and marks[0] in "-*_" and not marks.strip(marks[0])


def underline(line: str) -> int:
    """2 for a line of hyphens below a heading, 1 for one of equal signs, else 0."""
    marks = line.strip()
    if not marks or marks[0] not in "=-" or marks.strip(marks[0]):
        return 0
    return 1 if marks[0] == "=" else 2


def starts_block(line: str) -> bool:
    """Whether a paragraph ends before this line."""
    if line.startswith("    "):
        return False
    first = line.lstrip(" ")[:1]
    if first in ("`", "~"):
        return FENCE.match(line) is not None
    if first == "#":
        return HEADING.match(line) is not None
    if first == ">" or (first in ("-", "*", "_") and is_rule(line)):
        return True
    item = ITEM.match(line)
    # In running text a line may well begin with a number, or with a lone mark.
    return item is not None and item.end() < len(line) and (not item[2][0].isdigit() or item[2][:-1] == "1")


def is_item(lines: list[str], at: int, kind: str) -> bool:
    """Whether a list item stands here whose mark ends in `kind`: `-`, `*`, `+`, `.` or `)`."""
    item = ITEM.match(lines[at]) if at < len(lines) else None
    return item is not None and item[2][-1] == kind and not is_rule(lines[at])


def like_definition(line: str) -> bool:
    """Whether the line has the form of a footnote or of a link's definition."""
    return line.lstrip(" ")[:1] == "[" and bool(FOOTNOTE.match(line) or DEFINITION.match(line))


def note_goes_on(lines: list[str], at: int) -> bool:
    """Whether a line that is not indented continues the footnote above it."""
    if blank(lines[at]):
        following = next((line for line in lines[at + 1 : at + 3] if not blank(line)), "")
        return following.startswith("    ")
    return not (blank(lines[at - 1]) or starts_block(lines[at]) or like_definition(lines[at]))


class OpenFence:
    """Whether the lines seen so far end within fenced code."""

    def __init__(self) -> None:
        self.marks = ""

    def see(self, line: str) -> None:
        """Take the next line into account."""
        stripped = line.strip()
        if self.marks:
            if stripped.startswith(self.marks) and not stripped.strip(self.marks[0]):
                self.marks = ""
        elif stripped[:1] in ("`", "~") and (fence := FENCE.match(line)):
            self.marks = fence[1]


def continues(line: str, inner: list[str], open_fence: OpenFence) -> bool:
    """Whether a line without its quote's or item's mark still belongs to the paragraph at the end of `inner`."""
    if open_fence.marks or blank(line) or not inner or blank(inner[-1]) or starts_block(line):
        return False
    last = inner[-1]
    return not (last.startswith("    ") or HEADING.match(last) or is_rule(last) or FENCE.match(last))


def joined(lines: list[str]) -> str:
    """A paragraph's lines as one text, in which two spaces before the line end mean a break that shows.

    A break shows where its writer asked for it (two spaces, a backslash), and where the next word would still have
    fitted on a short line: nobody's editor has wrapped it there.
    """
    parts: list[str] = []
    for line, following in pairwise(lines):
        text = line.rstrip(" \t")
        forced = text.endswith("\\") and not text.endswith("\\\\")
        word = following[:_SHORT].split(" ", 1)[0]
        if forced:
            text = text[:-1]
        meant = forced or line.endswith("  ") or len(text) + 1 + len(word) <= _SHORT
        parts.append(text + ("  \n" if meant else "\n"))
    return "".join(parts) + lines[-1].rstrip(" \t")


def cells(line: str) -> list[str]:
    """What stands between the bars of a table's row; bars at its ends are only its frame."""
    found = [cell.strip() for cell in _CELL_END.split(line.strip())]
    if found and not found[0]:
        found = found[1:]
    return found[:-1] if found and not found[-1] else found


def starts_table(lines: list[str], at: int) -> bool:
    """Whether a header row stands here, with a row of hyphens for as many columns below it."""
    if at + 1 >= len(lines) or "|" not in lines[at] or lines[at + 1].strip("|:- \t") or "-" not in lines[at + 1]:
        return False
    columns = cells(lines[at + 1])
    if not 0 < len(columns) <= MOST_COLUMNS or not all(ALIGNMENT.fullmatch(cell) for cell in columns):
        return False
    return "|" in lines[at + 1] and len(cells(lines[at])) == len(columns)
