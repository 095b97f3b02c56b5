"""One review as a document to take along: Markdown and JSON that are read back, HTML and PDF to read.

What the document says is what its page says to the same person: a version that writes people as roles stays so, and
what is not for them (other restricted reviews, who may read this one) is not in it.
"""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.text import slugify

from accounts.access import takes_part_condition
from accounts.models import Person
from incidents.models import Incident
from reviews.live.store import bring_into_rows
from reviews.models import Attachment, Review
from reviews.portable.gathering import Document, portable_of
from reviews.portable.writing import as_json, as_markdown
from wiki.documents import html_of
from wiki.pdf import pdf_of


class Format(models.TextChoices):
    """The forms in which a review can be had."""

    MARKDOWN = "markdown", "Markdown"
    JSON = "json", "JSON"
    HTML = "html", "HTML"
    PDF = "pdf", "PDF"


_ENDINGS = {
    Format.MARKDOWN: (".md", "text/markdown; charset=utf-8"),
    Format.JSON: (".json", "application/json"),
    Format.HTML: (".html", "text/html; charset=utf-8"),
    Format.PDF: (".pdf", "application/pdf"),
}


@dataclass(frozen=True)
class Exported:
    """A file as it is sent."""

    name: str
    content_type: str
    content: bytes


def export_review(person: Person, number: int, form: Format, site: str) -> Exported | None:
    """The review as `person` may read it; None where they may not. A draft is for those who take part in it.

    `site` is the address of this site, which links lead to. wiki.pdf.CannotMakePdf says why there is no PDF.
    """
    review = _seen_by(person, number)
    if review is None:
        return None
    if not review.incident.is_published:
        bring_into_rows(review.pk)
        review.refresh_from_db()
    if form in (Format.HTML, Format.PDF):
        html = html_of(person, review, site)
        title, content = html.title, pdf_of(html.text) if form == Format.PDF else html.text.encode()
    else:
        document = _for(person, review)
        title = document["title"]
        content = (as_markdown(document) if form == Format.MARKDOWN else as_json(document)).encode()
    ending, content_type = _ENDINGS[form]
    named = f"review-{number}-{slugify(title)[:60]}".rstrip("-")
    return Exported(named + ending, content_type, content)


def _seen_by(person: Person, number: int) -> Review | None:
    if number > 2**63 - 1:
        return None
    incidents = Incident.objects.visible_to(person).filter(number=number)
    return Review.objects.select_related("incident", "template").filter(incident__in=incidents).first()


def _for(person: Person, review: Review) -> Document:
    """The portable document without what its page does not tell this person."""
    document = portable_of(review)
    earlier = Incident.objects.visible_to(person).filter(number__in=document["recurrence_of"])
    document["recurrence_of"] = sorted(earlier.values_list("number", flat=True))
    if Incident.objects.filter(takes_part_condition(person, "pk"), pk=review.pk).exists():
        return document
    document["readers"] = {}
    document["people"] = [{**one, "username": ""} for one in document["people"]]
    if document["names_as_roles"]:
        _without_what_may_name(document, review)
    return document


def _without_what_may_name(document: Document, review: Review) -> None:
    """What was written after a version with roles, and names of files, may name people whom it does not."""
    version = review.versions.order_by("-number")[:1].get()
    frozen = {number: one.get("reason", "") for number, one in enumerate(version.document["actions"], 1)}
    for action in document["actions"]:
        action["tracker_url"] = ""
        if action["reason"] != frozen.get(action["id"], ""):
            action["reason"] = frozen.get(action["id"], "") or "Not told here."
    files: dict[Any, Attachment] = {str(one.pk): one for one in review.attachments.all()}
    for one in document["attachments"]:
        nameless = files[one["id"]].nameless
        one["path"] = one["path"].rpartition("/")[0] + "/" + nameless
        one["name"] = nameless
