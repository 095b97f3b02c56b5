"""What a write-up calls itself: its title, and the heading that gave it."""

from __future__ import annotations

import re

from reviews.importing.facts import Fact
from reviews.importing.front_matter import FrontMatter
from reviews.importing.headings import role_of
from reviews.importing.layout import without_tags
from reviews.importing.outline import Section
from reviews.importing.plain import bare, plain

_PLACEHOLDER = re.compile(
    r"(?:\W*(?:issue|incident|outage|post-?\s?mortem|report|review|rca|root cause analysis|title|name|template"
    r"|name of|here|insert|your"
    r"|the|of|for|and|an?|document|id|number|summary|retrospective|coe|correction of errors?|analysis|event)\b)+\W*",
    re.IGNORECASE,
)
_DATE_IN_NAME = re.compile(r"(?<!\d)(\d{4})[-_.]?(\d{2})[-_.]?(\d{2})(?!\d)")
_NUMBER_NAME = re.compile(r"(?=.*\d)[0-9a-fA-F_-]{8,}(?:\.\w{1,8}){1,3}")
_LONGEST_OPENING = 90
_TITLE_LABELS = ("title", "incident title", "subject", "incident name", "name")
_BOLD = re.compile(r"\s{0,3}(?:\*\*|__)([^*_].{2,150}?)(?:\*\*|__)\s*$")


def title_of(
    matter: FrontMatter, sections: list[Section], facts: list[Fact], name: str
) -> tuple[str, Section | None, list[int]]:
    """The title as its author wrote it; the heading it stands in, if that says no more; lines of the text it is.

    Front matter first, then the first heading of the first level, then a "Title:" line or a bold first line. The
    file's name is the last resort.
    """
    stated = without_tags(plain(matter.text("title", "name")))
    heading = _heading(sections)
    if stated and not _PLACEHOLDER.fullmatch(stated):
        same = heading is not None and bare(heading.title) == bare(stated)
        return stated, heading if same else None, []
    if heading is not None and not is_placeholder(named := without_tags(heading.title)):
        return named, heading, []
    fact = next((fact for fact in facts if fact.label in _TITLE_LABELS and not is_placeholder(fact.value)), None)
    if fact is not None and fact.label in ("title", "incident title", "subject", "incident name"):
        return fact.value, None, []
    if heading is not None and (below := _line_below(heading)) is not None:
        return plain(below[1]), None, [below[0]]
    if sections and (bold := _bold_first(sections[0])) is not None:
        return plain(bold[1]), None, [bold[0]]
    if _NUMBER_NAME.fullmatch(name.rsplit("/", 1)[-1]) and (opening := _opening_words(sections)):
        return opening, None, []
    return from_file_name(name), None, []


def _opening_words(sections: list[Section]) -> str:
    """The first sentence of the text, cut to a title's length: better than a number for a name."""
    line = next((line for section in sections for line in section.body if not (line.blank or line.opaque)), None)
    words = plain(line.text[:1000]).lstrip("#>*- ") if line else ""
    sentence = re.split(r"(?<=[.!?])\s", words)[0].strip()
    if len(sentence) <= _LONGEST_OPENING:
        return sentence.rstrip(".")
    return sentence[:_LONGEST_OPENING].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def is_placeholder(title: str) -> bool:
    """Whether these words stand in a template's place for the title, and say nothing of this incident."""
    return not re.search(r"\w", title) or _PLACEHOLDER.fullmatch(title) is not None


def from_file_name(name: str) -> str:
    """A title from the name of the file, for a text that has none."""
    stem = re.sub(r"(?:\.[A-Za-z]{1,8}){1,3}$", "", name.rsplit("/", 1)[-1])
    words = " ".join(re.sub(r"[_\-+]+", " ", _DATE_IN_NAME.sub(" ", stem)).split())
    return (words[:1].upper() + words[1:]) or stem or "Untitled"


def date_in_name(name: str) -> re.Match[str] | None:
    """The date a file's name carries, as year, month and day."""
    return _DATE_IN_NAME.search(name.rsplit("/", 1)[-1])


def _heading(sections: list[Section]) -> Section | None:
    headed = [section for section in sections if 0 < section.level < 7]
    first = next((section for section in headed if section.level == 1), None)
    if first is not None:
        return first if first.part is None or first is headed[0] else None
    if headed and headed[0].part is None and role_of(headed[0].title) is None and _opens(sections, headed[0]):
        return headed[0]
    return None


def _opens(sections: list[Section], heading: Section) -> bool:
    """Whether a lower heading stands at the very top and no other one of its level follows: it names the whole."""
    before = sections[: sections.index(heading)]
    if any(not line.blank for section in before for line in section.body):
        return False
    return all(section.level > heading.level for section in sections[sections.index(heading) + 1 :] if section.level)


def _line_below(heading: Section) -> tuple[int, str] | None:
    """The single short line that stands right under a placeholder heading."""
    line = next((line for line in heading.body if not line.blank), None)
    if line is None or line.opaque or not 4 < len(line.text.strip()) <= 150 or line.text.lstrip()[:1] in "|>-*+#<{":
        return None
    following = next((other for other in heading.body if other.number == line.number + 1), None)
    if (following is not None and not following.blank) or re.match(r"[\w ]{2,30}:", line.text):
        return None
    return line.number, line.text.strip()


def _bold_first(preamble: Section) -> tuple[int, str] | None:
    line = next((line for line in preamble.body if not line.blank), None)
    if line is None or line.opaque or (match := _BOLD.match(line.text)) is None or is_placeholder(plain(match[1])):
        return None
    return (line.number, match[1]) if role_of(match[1]) is None else None
