"""Changing the contributing factors."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from accounts.requests import PersonRequest, signed_in
from reviews.forms import FactorForm
from reviews.operations import add_factor, change_factor, delete_factor
from reviews.views.editor import above, deleted, editable, submit
from reviews.views.parts.opened import Opened


@signed_in
@require_POST
def add(request: PersonRequest, number: int) -> HttpResponse:
    """One more condition that made the incident possible."""
    review = editable(request, number)
    form = FactorForm(request.POST, review=review, auto_id="factor-new-%s")
    return submit(
        request,
        review,
        Opened("factors", form=form),
        lambda **values: add_factor(request.user, review, **values),
        focus=lambda done: "factors-add",
        said="Added.",
    )


@signed_in
@require_POST
def change(request: PersonRequest, number: int, factor: int) -> HttpResponse:
    """A factor as it was typed anew, with the actions that remove it."""
    review = editable(request, number)
    stored = get_object_or_404(review.factors, pk=factor)
    form = FactorForm(request.POST, review=review, factor=stored, auto_id=f"factor-{stored.pk}-%s")
    return submit(
        request,
        review,
        Opened("factors", item=stored.pk, form=form),
        lambda **values: change_factor(request.user, stored.pk, **values),
        focus=lambda done: f"factor-{stored.pk}-edit",
    )


@signed_in
@require_POST
def delete(request: PersonRequest, number: int, factor: int) -> HttpResponse:
    """Without asking; a line with Undo takes its place."""
    review = editable(request, number)
    stored = get_object_or_404(review.factors, pk=factor)
    keys = list(review.factors.values_list("pk", flat=True))
    deletion = delete_factor(request.user, stored.pk)
    return deleted(request, review, "factors", deletion, above(keys, stored.pk))
