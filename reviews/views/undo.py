"""Undoing a deletion."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from accounts.requests import PersonRequest, signed_in
from incidents.models import Deletion
from reviews.audited import PART_OF_KIND
from reviews.operations import undo
from reviews.views.editor import editable, saved

_FOCUSED = {"why": "-line", "attachment": ""}  # what has no button to edit it


@signed_in
@require_POST
def restore(request: PersonRequest, number: int, deletion: int) -> HttpResponse:
    """What was deleted stands where it stood before."""
    review = editable(request, number)
    stored = get_object_or_404(Deletion, incident=review.incident, pk=deletion)
    part = PART_OF_KIND.get(stored.kind, "timeline")
    focus, said = part, "Restored."
    try:
        restored = undo(request.user, stored.pk)
    except ValidationError as problem:
        said = " ".join(problem.messages)
    else:
        focus = f"{stored.kind}-{restored.pk}"
        if request.htmx:
            focus += _FOCUSED.get(stored.kind, "-edit")
    return saved(request, review, part, focus=focus, said=said)
