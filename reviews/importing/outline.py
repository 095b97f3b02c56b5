"""Cuts a write-up into sections: at headings, and at the labels that people use in place of headings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from reviews.importing.headings import exact_role, role_of
from reviews.importing.lines import Line, item_of
from reviews.importing.plain import plain

_ATX = re.compile(r" {0,3}(#{1,6})(?:[ \t]+|$)(.*?)(?:[ \t]+#+)?[ \t]*$")
_SETEXT = re.compile(r" {0,3}(={3,}|-{3,})[ \t]*$")
_BOLD_LINE = re.compile(r"\s{0,3}(\*\*|__)([^*_]{2,80})\1\s*(:?)\s*$")
_LABEL = re.compile(r"\s{0,3}(\*\*|__)([^*_]{2,60})(?::\1|\1\s*:)\s*(.*)$")
_ITEM_LABEL = re.compile(r"(\*\*|__)([^*_]{2,60})(?::\1|\1\s*:?)(?:\s+|$)(.*)$")
_PLAIN_LABEL = re.compile(r"\s{0,3}([A-Z][A-Za-z' \-/]{2,40}):\s*$")
_BARE_LABEL = re.compile(r"([A-Z][A-Za-z' \-/]{3,40}\??)\s*$")
_INLINE_ROLES = {"summary", "impact", "root_cause", "lessons", "went_well", "went_badly", "lucky"}
LABEL_LEVEL = 7  # below every real heading


@dataclass
class Section:
    """A heading (level 0: what comes before the first) and the lines under it, up to the next heading."""

    level: int
    title: str
    heading: list[Line]
    body: list[Line] = field(default_factory=list)
    role: str | None = None  # what its own heading announces
    part: str | None = None  # the role it plays, its own or that of the section it belongs to
    starts_part: bool = False  # whether its heading, not a parent's, gives it this role
    narrow: bool = False  # a label with its text on the same line: the part ends with the paragraph


def heading_at(lines: list[Line], at: int) -> tuple[int, str, int] | None:
    """Level, text and number of lines of the heading that starts here."""
    line = lines[at]
    if line.opaque or len(line.text) > 600:
        return None
    if (match := _ATX.match(line.text)) is not None:
        return len(match[1]), match[2].strip(), 1
    following = lines[at + 1] if at + 1 < len(lines) else None
    if following is None or following.opaque or line.blank or line.indent > 3:
        return None
    item = item_of(line)
    if item is not None and not (item.ordered and len(following.text.strip()) >= 5):
        return None  # but "1. Summary" over a line of dashes is meant as a heading
    if (match := _SETEXT.match(following.text)) is None or line.text.lstrip()[:1] in ("|", ">", "-", "="):
        return None
    before = lines[at - 1] if at else None
    if before is not None and not before.blank and not before.opaque and match[1][0] == "-":
        return None  # the last line of a paragraph over a rule
    if "|" in line.text and match[1][0] == "-":
        return None
    return (1 if match[1][0] == "=" else 2), line.text.strip(), 2


def split_sections(lines: list[Line]) -> list[Section]:
    """Every line of the text in exactly one section, in order."""
    sections = [Section(0, "", [])]
    labelled = _labelled_list(lines)
    at = 0
    while at < len(lines):
        if (found := heading_at(lines, at)) is not None:
            level, title, count = found
            sections.append(Section(level, plain(title), lines[at : at + count], role=role_of(title)))
            at += count
            continue
        label = _label_at(lines, at, sections[-1], labelled)
        if label is not None:
            sections.append(label)
        elif sections[-1].narrow and lines[at].blank and sections[-1].body:
            sections.append(_after_label(sections))
            sections[-1].body.append(lines[at])
        else:
            sections[-1].body.append(lines[at])
        at += 1
    _give_parts(sections)
    return sections


def _after_label(sections: list[Section]) -> Section:
    """What follows a one-paragraph label belongs to whatever surrounds the label."""
    return Section(LABEL_LEVEL, "", [])


def _labelled_list(lines: list[Line]) -> bool:
    """Whether the write-up uses list items such as "- **Impact**: ..." as its headings."""
    roles = labels = 0
    headed = any(not line.opaque and line.text.startswith("##") for line in lines)
    for line in lines:
        item = item_of(line)
        if item is not None and item.indent == 0 and (match := _ITEM_LABEL.match(item.text)):
            labels += ":" in item.text[: match.end(2) + 4] or not match[3]
            roles += exact_role(match[2]) is not None
            if roles >= 2 or (roles and labels >= 4 and not headed):
                return True
    return False


def _label_at(lines: list[Line], at: int, current: Section, labelled: bool) -> Section | None:
    line = lines[at]
    if line.opaque or line.blank or len(line.text) > 5000 or line.indent > 3:
        return None
    item = item_of(line)
    if item is not None:
        match = _ITEM_LABEL.match(item.text) if labelled and item.indent == 0 else None
        if match is None or (":" not in item.text[: match.end(2) + 4] and match[3]):
            return None
        return _label_section(line, match[2], match[3], exact_role(match[2]))
    before = lines[at - 1] if at else None
    if before is not None and not before.blank and not before.opaque:
        return None
    if (match := _BOLD_LINE.match(line.text)) is not None:
        role = exact_role(match[2])
        if role is not None and not role.endswith("?"):
            return _label_section(line, match[2], "", role)
        if current.level == LABEL_LEVEL and not current.narrow:
            return Section(LABEL_LEVEL, "", [], body=[line])
        return None
    if (match := _LABEL.match(line.text)) is not None:
        role = exact_role(match[2])
        if role is None and current.level == LABEL_LEVEL and current.title:
            return Section(LABEL_LEVEL, "", [], body=[line])
        if role in _INLINE_ROLES and match[3]:
            section = _label_section(line, match[2], match[3], role)
            section.narrow = True
            return section
        return None
    match = _PLAIN_LABEL.match(line.text)
    if match is None and (at + 1 == len(lines) or lines[at + 1].blank):
        match = _BARE_LABEL.match(line.text)  # a line of its own, as word processors leave their headings
    if match is not None:
        role = exact_role(match[1])
        if role is not None and not role.endswith("?"):
            return _label_section(line, match[1], "", role)
    return None


def _label_section(line: Line, label: str, text: str, role: str | None) -> Section:
    section = Section(LABEL_LEVEL, plain(label).strip(": "), [line], role=role)
    if text.strip():
        section.body.append(Line(line.number, text))
    return section


def _give_parts(sections: list[Section]) -> None:
    """Settle the doubtful roles, and let sections under a heading share its part."""
    clear = {section.role for section in sections}
    first = next((section for section in sections if section.level), None)
    stack: list[Section] = []
    for section in sections:
        role = section.role
        if role is not None and role.endswith("?"):
            role = None if role[:-1] in clear or (role == "summary?" and section is first) else role[:-1]
            if role is not None:
                clear.add(role)
        if section is first and section.level == 1 and role not in ("summary", "timeline"):
            role = None  # the title
        while stack and section.level and stack[-1].level >= section.level:
            stack.pop()
        parent = stack[-1] if stack else None
        inherited = parent.part if parent is not None else None
        if inherited in ("timeline", "milestones") and role not in (
            "timeline",
            "actions",
            "factors",
            "root_cause",
            "whys",
        ):
            role = None if role in ("summary", "impact", "facts") and section.level == LABEL_LEVEL else role
            role = role if role in ("lessons", "went_well", "went_badly", "lucky", "impact", "summary") else None
        if inherited == "actions" and role in ("actions", "milestones", "facts", "root_cause", "summary"):
            role = None  # "Improvements" and the like group action items
        section.starts_part = role is not None
        section.part = role or inherited
        if section.level:
            stack.append(section)
