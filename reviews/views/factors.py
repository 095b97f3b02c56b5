"""Changing the contributing factors, and which actions remove them."""

import re
from functools import partial

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from accounts.requests import PersonRequest, signed_in
from reviews.forms import FactorForm
from reviews.models import Review
from reviews.operations import add_factor, change_factor, delete_factor, move_factor
from reviews.removals import set_removal
from reviews.views.editor import above, deleted, editable, saved, submit
from reviews.views.moving import moved
from reviews.views.parts.opened import Opened
from reviews.views.stale import save_change

_CELL = re.compile(r"([0-9]{1,18}):([0-9]{1,18}):(on|off)")


@signed_in
@require_POST
def removal(request: PersonRequest, number: int) -> HttpResponse:
    """A cell of the matrix: whether an action removes a factor, as "FACTOR:ACTION:on" or "…:off"."""
    review = editable(request, number)
    cell = _CELL.fullmatch(request.POST.get("cell", ""))
    if cell is None:
        raise Http404
    set_removal(request.user, review, int(cell[1]), int(cell[2]), cell[3] == "on")
    return saved(request, review, "factors", focus=f"cell-{int(cell[1])}-{int(cell[2])}")


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

    def opened(fresh: Review) -> Opened:
        stored = get_object_or_404(fresh.factors, pk=factor)
        form = FactorForm(request.POST, review=fresh, factor=stored, auto_id=f"factor-{stored.pk}-%s")
        return Opened("factors", item=stored.pk, form=form)

    return save_change(
        request,
        review,
        opened,
        lambda **values: change_factor(request.user, factor, **values),
        thing=f"factor {factor}",
        focus=f"factor-{factor}-edit",
        together=True,
    )


@signed_in
@require_POST
def move(request: PersonRequest, number: int, factor: int) -> HttpResponse:
    """One place up or down; the focus stays where it was."""
    review = editable(request, number)
    stored = get_object_or_404(review.factors, pk=factor)
    return moved(request, review, "factors", f"factor-{stored.pk}", partial(move_factor, request.user, stored.pk))


@signed_in
@require_POST
def delete(request: PersonRequest, number: int, factor: int) -> HttpResponse:
    """Without asking; a line with Undo takes its place."""
    review = editable(request, number)
    stored = get_object_or_404(review.factors, pk=factor)
    keys = list(review.factors.values_list("pk", flat=True))
    deletion = delete_factor(request.user, stored.pk)
    return deleted(request, review, "factors", deletion, above(keys, stored.pk))
