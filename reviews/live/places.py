"""The texts of a review that several people write at once, and the rows in which they stand as plain text.

A place is "section:summary" (a SectionKind), "factor:12" or "why:7" (the key of the row; of a why, its answer).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from core.markdown import render
from reviews.models import Factor, Section, SectionKind, Why


@dataclass
class Written:
    """A text as its row holds it. `store` writes another one; a factor is never left without words."""

    place: str
    text: str
    store: Callable[[str, int | None], None]
    may_be_empty: bool = True


_PLACE = re.compile(r"section:[a-z_]{1,12}|(?:factor|why):[0-9]{1,18}")


def is_place(name: str) -> bool:
    """Whether it is written like a place; a client may put anything into a document."""
    return _PLACE.fullmatch(name) is not None


def part_of_place(place: str) -> str:
    """The part of the editor page that shows the text: "summary", "factors" or "whys"."""
    kind, _, key = place.partition(":")
    return key if kind == "section" else {"factor": "factors", "why": "whys"}[kind]


def texts_in_rows(review_pk: int) -> dict[str, Written]:
    """Every text of the review by place, sections that have no row yet included. Three queries."""
    sections = {section.kind: section for section in Section.objects.filter(review_id=review_pk)}
    found = [_section(sections.get(kind) or Section(review_id=review_pk, kind=kind, revision=0)) for kind in _KINDS]
    found += [_factor(factor) for factor in Factor.objects.filter(review_id=review_pk)]
    found += [_why(why) for why in Why.objects.filter(review_id=review_pk)]
    return {written.place: written for written in found}


_KINDS: list[str] = [str(kind) for kind in SectionKind.values]


def _section(section: Section) -> Written:
    def store(text: str, person_pk: int | None) -> None:
        section.text, section.html = text, render(text)
        section.revision += 1
        section.updated_by_id = person_pk
        section.save()

    return Written(f"section:{section.kind}", section.text, store)


def _factor(factor: Factor) -> Written:
    def store(text: str, person_pk: int | None) -> None:
        factor.text, factor.html = text, render(text)
        factor.save(update_fields=["text", "html"])

    return Written(f"factor:{factor.pk}", factor.text, store, may_be_empty=False)


def _why(why: Why) -> Written:
    def store(text: str, person_pk: int | None) -> None:
        why.answer, why.answer_html = text, render(text) if text else ""
        why.save(update_fields=["answer", "answer_html"])

    return Written(f"why:{why.pk}", why.answer, store)
