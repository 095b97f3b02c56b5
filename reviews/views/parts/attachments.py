"""The attachments: what lies there, where it is used, and the form for more."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings

from incidents.models import Deletion
from reviews.attachment_uses import Use, uses_of
from reviews.forms import AttachForm
from reviews.models import Attachment, Review
from reviews.sniffing import ALLOWED
from reviews.views.parts.opened import Opened


@dataclass(frozen=True)
class Attached:
    """An attachment, and the parts whose text shows or links it."""

    attachment: Attachment
    uses: Sequence[Use]

    @property
    def may_go(self) -> bool:
        """Whether it can be removed."""
        return not self.uses and not self.attachment.is_published


@dataclass(frozen=True)
class AttachmentsPart:
    """The files of the review."""

    attached: list[Attached]
    form: forms.Form | None
    most_picture: int
    most_file: int
    deletion: Deletion | None
    allowed: str = ALLOWED
    name: str = "attachments"
    title: str = "Attachments"
    template: str = "reviews/parts/attachments.html"


def build_attachments(review: Review, opened: Opened) -> AttachmentsPart:
    """The attachments. One query, seven where there are any."""
    attachments = list(review.attachments.select_related("uploaded_by"))
    uses = uses_of(review.pk, attachments)
    form: Any = None
    if opened.asks_for("attachments"):
        form = opened.form or AttachForm(auto_id="attachments-%s")
    return AttachmentsPart(
        attached=[Attached(one, uses[one.pk]) for one in attachments],
        form=form,
        most_picture=settings.ATTACHMENT_PICTURE_BYTES,
        most_file=settings.ATTACHMENT_FILE_BYTES,
        deletion=opened.deleted_from("attachments"),
    )
