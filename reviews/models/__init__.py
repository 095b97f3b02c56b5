"""The tables of a review: the document itself, its live text, comments, approval, templates, attachments."""

from reviews.models.approval import Approval, Verdict
from reviews.models.attachments import Attachment
from reviews.models.comments import Comment, Thread
from reviews.models.document import (
    Factor,
    ImportedSource,
    Review,
    ReviewQuerySet,
    Section,
    SectionKind,
    Version,
    VersionQuerySet,
    Why,
)
from reviews.models.live import LiveDocument, LiveUpdate
from reviews.models.templates import ReviewTemplate, TemplateSection
from reviews.models.text_versions import Origin, TextVersion

__all__ = [
    "Approval",
    "Attachment",
    "Comment",
    "Factor",
    "ImportedSource",
    "LiveDocument",
    "LiveUpdate",
    "Origin",
    "Review",
    "ReviewQuerySet",
    "ReviewTemplate",
    "Section",
    "SectionKind",
    "TemplateSection",
    "TextVersion",
    "Thread",
    "Verdict",
    "Version",
    "VersionQuerySet",
    "Why",
]
