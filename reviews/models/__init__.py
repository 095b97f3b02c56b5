"""The tables of a review: document, live text, comments, approval, templates, files, checker, roles, recurrence."""

from reviews.models.approval import Approval, Verdict
from reviews.models.attachments import Attachment
from reviews.models.checking import CustomWord, Dismissal, RuleSetting, Severity
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
from reviews.models.evidence import Evidence
from reviews.models.live import LiveDocument, LiveUpdate
from reviews.models.recurrence import Recurrence
from reviews.models.roles import RoleName
from reviews.models.templates import ReviewTemplate, TemplateSection
from reviews.models.text_versions import Origin, TextVersion
from reviews.models.uploads import EntryStatus, Upload, UploadedFile, UploadEntry, UploadState

__all__ = [
    "Approval",
    "Attachment",
    "Comment",
    "CustomWord",
    "Dismissal",
    "EntryStatus",
    "Evidence",
    "Factor",
    "ImportedSource",
    "LiveDocument",
    "LiveUpdate",
    "Origin",
    "Recurrence",
    "Review",
    "ReviewQuerySet",
    "ReviewTemplate",
    "RoleName",
    "RuleSetting",
    "Section",
    "SectionKind",
    "Severity",
    "TemplateSection",
    "TextVersion",
    "Thread",
    "Upload",
    "UploadEntry",
    "UploadState",
    "UploadedFile",
    "Verdict",
    "Version",
    "VersionQuerySet",
    "Why",
]
