"""Changing the action items of a review."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from accounts.requests import PersonRequest, signed_in
from actions.operations import delete_action, move_action
from reviews.forms import ReviewActionForm
from reviews.models import Review
from reviews.removals import add_review_action, change_review_action
from reviews.views.editor import above, deleted, editable, submit
from reviews.views.moving import moved
from reviews.views.parts.opened import Opened
from reviews.views.stale import save_change


@signed_in
@require_POST
def add(request: PersonRequest, number: int) -> HttpResponse:
    """One more thing to do."""
    review = editable(request, number)
    form = ReviewActionForm(request.POST, review=review, auto_id="action-new-%s")
    return submit(
        request,
        review,
        Opened("actions", form=form),
        lambda **values: add_review_action(request.user, review, **values),
        focus=lambda done: "actions-add",
        said="Added.",
    )


@signed_in
@require_POST
def change(request: PersonRequest, number: int, action: int) -> HttpResponse:
    """An action item as it was typed anew."""
    review = editable(request, number)

    def opened(fresh: Review) -> Opened:
        stored = get_object_or_404(fresh.incident.actions.select_related("owner"), pk=action)
        form = ReviewActionForm(request.POST, review=fresh, action=stored, auto_id=f"action-{stored.pk}-%s")
        return Opened("actions", item=stored.pk, form=form)

    return save_change(
        request,
        review,
        opened,
        lambda **values: change_review_action(request.user, action, **values),
        thing=f"action {action}",
        focus=f"action-{action}-edit",
    )


@signed_in
@require_POST
def move(request: PersonRequest, number: int, action: int) -> HttpResponse:
    """One place up or down; the focus stays where it was."""
    review = editable(request, number)
    stored = get_object_or_404(review.incident.actions, pk=action)
    return moved(request, review, "actions", f"action-{stored.pk}", partial(move_action, request.user, stored.pk))


@signed_in
@require_POST
def delete(request: PersonRequest, number: int, action: int) -> HttpResponse:
    """Without asking; a line with Undo takes its place."""
    review = editable(request, number)
    stored = get_object_or_404(review.incident.actions, pk=action)
    keys = list(review.incident.actions.values_list("pk", flat=True))
    deletion = delete_action(request.user, stored.pk)
    return deleted(request, review, "actions", deletion, above(keys, stored.pk))
