"""What the prose sections of a review are called, ask for and begin with: by its template, or as usual."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from reviews.models import Review, ReviewTemplate, SectionKind, TemplateSection

USUAL_PROMPTS = {
    SectionKind.SUMMARY: "One paragraph for engineers who were not involved: what happened, when, for how long, "
    "and what users noticed.",
    SectionKind.IMPACT: "Who was affected and how much: requests, customers, money, data. Numbers where there are any.",
    SectionKind.NARRATIVE: "The story as it looked to the people in it, with what they knew at each moment.",
    SectionKind.WENT_WELL: "What helped to notice and to recover: keep it.",
    SectionKind.WENT_BADLY: "What made it longer, harder or worse.",
    SectionKind.LUCKY: "What could as well have gone the other way.",
    SectionKind.LESSONS: "What someone who was not there should take from this.",
}
_HEADING = re.compile(r"#{1,6}(?:\s|$)")
_BLANKED = re.compile(r"\S")
_HEADINGS = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t]*#*$", re.MULTILINE)


@dataclass(frozen=True)
class SectionWording:
    """One section: `is_expected` says whether the template asks for it, `starter` is Markdown that is scaffolding."""

    kind: str
    title: str
    prompt: str
    starter: str = ""
    is_expected: bool = True

    @property
    def usual_title(self) -> str:
        """What the section is called where no template says otherwise."""
        return str(SectionKind(self.kind).label)

    @property
    def headings(self) -> list[str]:
        """The headings that it begins with."""
        return _HEADINGS.findall(self.starter)

    def written(self, text: str) -> str:
        """`text` without the scaffolding in which nothing was written; empty where nothing was written at all."""
        return _without_scaffolding(text, self.starter) if self.starter.strip() else text if text.strip() else ""

    def blanked(self, text: str) -> str:
        """`text` with spaces for the lines that are scaffolding: what is left stands where it stood."""
        known = {line.strip() for line in self.starter.splitlines()} - {""}
        if not known:
            return text
        lines = text.splitlines(keepends=True)
        return "".join(_BLANKED.sub(" ", line) if line.strip() in known else line for line in lines)


Wording = dict[str, SectionWording]


def wording_of(review: Review) -> Wording:
    """Every section by kind, in reading order. No query where the review was read with its template's sections."""
    return wording_by(review.template)


def wording_by(template: ReviewTemplate | None) -> Wording:
    """The same for a template; None is the usual one, which expects every section."""
    said = {one.kind: one for one in template.sections.all()} if template else None
    return {str(kind.value): _worded(kind, said) for kind in SectionKind}


def offered_templates() -> list[ReviewTemplate]:
    """The templates that a review may begin with, with their sections. Two queries."""
    return list(ReviewTemplate.objects.filter(is_offered=True).prefetch_related("sections"))


def _worded(kind: SectionKind, said: dict[str, TemplateSection] | None) -> SectionWording:
    one = said.get(kind) if said is not None else None
    return SectionWording(
        kind=str(kind.value),
        title=(one.title if one else "") or str(kind.label),
        prompt=(one.prompt if one else "") or USUAL_PROMPTS[kind],
        starter=one.starter if one else "",
        is_expected=one is not None or said is None,
    )


def _without_scaffolding(text: str, starter: str) -> str:
    """Leaves out the headings of `starter` below which `text` says nothing but what `starter` says."""
    known = {line.strip() for line in starter.splitlines()} | {""}
    blocks: list[list[str]] = [[]]
    for line in text.splitlines():
        if _HEADING.match(line.strip()) and line.strip() in known:
            blocks.append([])
        blocks[-1].append(line)
    levels = [_level(block) for block in blocks]
    kept = [not block or not _is_scaffolding(block, known) for block in blocks]
    for at in reversed(range(len(blocks))):
        if not kept[at] and levels[at] and any(kept[one] for one in _below(levels, at)):
            kept[at] = True
    if all(kept):
        return text
    return "\n".join(line for block, keep in zip(blocks, kept, strict=True) if keep for line in block).strip("\n")


def _level(block: list[str]) -> int:
    """How deep the heading is with which the block begins; 0 without one."""
    first = block[0].strip() if block else ""
    return len(first) - len(first.lstrip("#"))


def _is_scaffolding(block: Iterable[str], known: set[str]) -> bool:
    return all(line.strip() in known for line in block)


def _below(levels: list[int], at: int) -> list[int]:
    """The blocks under the heading of the block `at`."""
    below = []
    for one in range(at + 1, len(levels)):
        if levels[one] <= levels[at]:
            break
        below.append(one)
    return below
