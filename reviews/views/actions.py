"""Changing the action items of a review."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from accounts.requests import PersonRequest, signed_in
from actions.forms import ActionForm
from actions.operations import add_action, change_action, delete_action
from reviews.views.editor import above, deleted, editable, submit
from reviews.views.parts.opened import Opened


@signed_in
@require_POST
def add(request: PersonRequest, number: int) -> HttpResponse:
    """One more thing to do."""
    review = editable(request, number)
    form = ActionForm(request.POST, auto_id="action-new-%s")
    return submit(
        request,
        review,
        Opened("actions", form=form),
        lambda **values: add_action(request.user, review.incident, **values),
        focus=lambda done: "actions-add",
        said="Added.",
    )


@signed_in
@require_POST
def change(request: PersonRequest, number: int, action: int) -> HttpResponse:
    """An action item as it was typed anew."""
    review = editable(request, number)
    stored = get_object_or_404(review.incident.actions.select_related("owner"), pk=action)
    form = ActionForm(request.POST, action=stored, auto_id=f"action-{stored.pk}-%s")
    return submit(
        request,
        review,
        Opened("actions", item=stored.pk, form=form),
        lambda **values: change_action(request.user, stored.pk, **values),
        focus=lambda done: f"action-{stored.pk}-edit",
    )


@signed_in
@require_POST
def delete(request: PersonRequest, number: int, action: int) -> HttpResponse:
    """Without asking; a line with Undo takes its place."""
    review = editable(request, number)
    stored = get_object_or_404(review.incident.actions, pk=action)
    keys = list(review.incident.actions.values_list("pk", flat=True))
    deletion = delete_action(request.user, stored.pk)
    return deleted(request, review, "actions", deletion, above(keys, stored.pk))
