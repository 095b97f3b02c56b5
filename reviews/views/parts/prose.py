"""The prose sections."""

from dataclasses import dataclass

from reviews.forms import SectionForm
from reviews.models import Review, Section
from reviews.views.parts.opened import Conflict, Opened
from reviews.wording import SectionWording, wording_of

MOST_CARRIED = 300_000  # characters; a form carries the text that it began with, unless it is longer


@dataclass(frozen=True)
class SectionPart:
    """One section: its stored text, and the form while it is edited."""

    name: str
    wording: SectionWording
    section: Section | None
    form: SectionForm | None
    conflict: Conflict | None
    base: str | None
    template: str = "reviews/parts/section.html"

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been written yet."""
        return self.section is None or not self.wording.written(self.section.text)

    @property
    def title(self) -> str:
        """What it is called."""
        return self.wording.title

    @property
    def prompt(self) -> str:
        """What it asks for."""
        return self.wording.prompt


def build_section(review: Review, kind: str, opened: Opened, stored: dict[str, Section] | None = None) -> SectionPart:
    """The section of `kind`; `stored` holds the review's sections where they have been read already."""
    section = stored.get(kind) if stored is not None else review.sections.filter(kind=kind).first()
    form, base = None, None
    if opened.asks_for(kind):
        text, revision = (section.text, section.revision) if section else ("", 0)
        base = opened.base if opened.form else text
        form = opened.form or SectionForm(initial={"text": text, "revision": revision}, auto_id=f"{kind}-%s")
    return SectionPart(
        name=kind,
        wording=wording_of(review)[kind],
        section=section,
        form=form,  # type: ignore[arg-type]
        conflict=opened.conflict if opened.part == kind else None,
        base=base if base is not None and len(base) <= MOST_CARRIED else None,
    )


def sections_of(review: Review) -> dict[str, Section]:
    """The review's sections by kind. One query."""
    return {section.kind: section for section in review.sections.select_related("updated_by")}
