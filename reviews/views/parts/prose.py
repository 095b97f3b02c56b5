"""The prose sections."""

from dataclasses import dataclass

from reviews.forms import SectionForm
from reviews.models import Review, Section, SectionKind
from reviews.views.parts.opened import Conflict, Opened

_PROMPTS = {
    SectionKind.SUMMARY: "One paragraph for engineers who were not involved: what happened, when, for how long, "
    "and what users noticed.",
    SectionKind.IMPACT: "Who was affected and how much: requests, customers, money, data. Numbers where there are any.",
    SectionKind.NARRATIVE: "The story as it looked to the people in it, with what they knew at each moment.",
    SectionKind.WENT_WELL: "What helped to notice and to recover: keep it.",
    SectionKind.WENT_BADLY: "What made it longer, harder or worse.",
    SectionKind.LUCKY: "What could as well have gone the other way.",
    SectionKind.LESSONS: "What someone who was not there should take from this.",
}


@dataclass(frozen=True)
class SectionPart:
    """One section: its stored text, and the form while it is edited."""

    name: str
    title: str
    prompt: str
    section: Section | None
    form: SectionForm | None
    conflict: Conflict | None
    template: str = "reviews/parts/section.html"

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been written yet."""
        return self.section is None or not self.section.text.strip()


def build_section(review: Review, kind: str, opened: Opened, stored: dict[str, Section] | None = None) -> SectionPart:
    """The section of `kind`; `stored` holds the review's sections where they have been read already."""
    section = stored.get(kind) if stored is not None else review.sections.filter(kind=kind).first()
    form = None
    if opened.asks_for(kind):
        text, revision = (section.text, section.revision) if section else ("", 0)
        form = opened.form or SectionForm(initial={"text": text, "revision": revision}, auto_id=f"{kind}-%s")
    return SectionPart(
        name=kind,
        title=SectionKind(kind).label,
        prompt=_PROMPTS[SectionKind(kind)],
        section=section,
        form=form,  # type: ignore[arg-type]
        conflict=opened.conflict if opened.part == kind else None,
    )


def sections_of(review: Review) -> dict[str, Section]:
    """The review's sections by kind. One query."""
    return {section.kind: section for section in review.sections.select_related("updated_by")}
