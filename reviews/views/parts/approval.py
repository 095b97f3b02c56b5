"""What reviewers were asked, and what they said."""

from dataclasses import dataclass

from django import forms

from reviews.approval_forms import VerdictForm
from reviews.approving import Answer, answers_of
from reviews.models import Review
from reviews.views.parts.opened import Opened


@dataclass(frozen=True)
class ApprovalPart:
    """The reviewers with their answers; `form` is where one of them writes what should change."""

    answers: list[Answer]
    form: forms.Form | None
    name: str = "approval"
    title: str = "Approval"
    template: str = "reviews/parts/approval.html"


def build_approval(review: Review, opened: Opened) -> ApprovalPart:
    """The answers. One query, three where somebody answered."""
    form = None
    if opened.asks_for("approval"):
        form = opened.form or VerdictForm(auto_id="approval-%s")
    return ApprovalPart(answers_of(review), form)
