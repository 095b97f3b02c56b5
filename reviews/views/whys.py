"""Changing the five whys."""

from functools import partial

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from accounts.requests import PersonRequest, signed_in
from core.text import whole_number
from reviews.evidence import cite as cite_evidence
from reviews.evidence import remove_evidence
from reviews.forms import CiteForm, RootCauseForm, WhyForm
from reviews.models import Evidence, Review, Why
from reviews.operations import add_why, change_why, delete_why, move_why
from reviews.root_causes import make_factor, mark_root_cause, unmark_root_cause
from reviews.views.editor import above, deleted, editable, saved, submit
from reviews.views.moving import moved
from reviews.views.parts.opened import Opened
from reviews.views.parts.whys import lines_of
from reviews.views.stale import save_change


@signed_in
@require_POST
def add(request: PersonRequest, number: int) -> HttpResponse:
    """A question at the top, or below another one (`below` in the address)."""
    review = editable(request, number)
    parent = _parent(request, review)
    form = WhyForm(request.POST, auto_id=f"why-{f'below-{parent.pk}' if parent else 'new'}-%s")
    return submit(
        request,
        review,
        Opened("whys", below=parent.pk if parent else None, form=form),
        lambda **values: add_why(request.user, review, parent=parent, **values),
        focus=lambda done: f"why-{done.pk}-line",
    )


@signed_in
@require_POST
def change(request: PersonRequest, number: int, why: int) -> HttpResponse:
    """A question and its answer as they were typed anew."""
    review = editable(request, number)

    def opened(fresh: Review) -> Opened:
        stored = get_object_or_404(fresh.whys, pk=why)
        form = WhyForm(request.POST, why=stored, auto_id=f"why-{stored.pk}-%s")
        return Opened("whys", item=stored.pk, form=form)

    return save_change(
        request,
        review,
        opened,
        lambda **values: change_why(request.user, why, **values),
        thing=f"why {why}",
        focus=f"why-{why}-line",
        together=True,
    )


@signed_in
@require_POST
def move(request: PersonRequest, number: int, why: int) -> HttpResponse:
    """Up, down, in (below the line above) or out; the focus stays where it was."""
    review = editable(request, number)
    stored = get_object_or_404(review.whys, pk=why)
    move = partial(move_why, request.user, stored.pk)
    return moved(request, review, "whys", f"why-{stored.pk}", move, ("up", "down", "in", "out"))


@signed_in
@require_POST
def delete(request: PersonRequest, number: int, why: int) -> HttpResponse:
    """The question with all that stands below it."""
    review = editable(request, number)
    stored = get_object_or_404(review.whys, pk=why)
    keys = [line.why.pk for line in lines_of(review.whys.all())]
    deletion = delete_why(request.user, stored.pk)
    return deleted(request, review, "whys", deletion, above(keys, stored.pk))


@signed_in
@require_POST
def root(request: PersonRequest, number: int, why: int) -> HttpResponse:
    """Marks the answer as a root cause (`is_root_cause`), with its category where one was chosen; or unmarks it."""
    review = editable(request, number)
    stored = get_object_or_404(review.whys.select_related("cause"), pk=why)
    if not request.POST.get("is_root_cause"):
        unmark_root_cause(request.user, stored.pk)
        return saved(request, review, "whys", focus=f"why-{stored.pk}-line")
    form = RootCauseForm(request.POST if "cause" in request.POST else {"cause": stored.cause_id})
    if not form.is_valid():
        said = " ".join(map(str, form.errors["cause"]))
    else:
        mark_root_cause(request.user, stored.pk, form.cleaned_data["cause"])
        said = "Saved."
    return saved(request, review, "whys", focus=f"why-{stored.pk}-cause", said=said)


@signed_in
@require_POST
def factor(request: PersonRequest, number: int, why: int) -> HttpResponse:
    """Makes the answer a contributing factor."""
    review = editable(request, number)
    stored = get_object_or_404(review.whys, pk=why)
    said = "It is a factor now."
    try:
        make_factor(request.user, stored.pk)
    except ValidationError as problem:
        said = " ".join(problem.messages)
    return saved(request, review, "whys", focus=f"why-{stored.pk}-line", said=said)


@signed_in
@require_POST
def cite(request: PersonRequest, number: int, why: int) -> HttpResponse:
    """Evidence for the answer: events that were chosen, a link, or both."""
    review = editable(request, number)
    stored = get_object_or_404(review.whys, pk=why)
    form = CiteForm(request.POST, why=stored, auto_id=f"cite-{stored.pk}-%s")
    return submit(
        request,
        review,
        Opened("whys", cite=stored.pk, form=form),
        lambda **values: cite_evidence(request.user, stored.pk, **values),
        focus=lambda done: f"why-{stored.pk}-cite",
        said="Cited.",
    )


@signed_in
@require_POST
def uncite(request: PersonRequest, number: int, why: int, evidence: int) -> HttpResponse:
    """Takes away what the answer cites."""
    review = editable(request, number)
    stored = get_object_or_404(Evidence, pk=evidence, why=why, why__review=review)
    remove_evidence(request.user, stored.pk)
    return saved(request, review, "whys", focus=f"why-{why}-cite", said="Removed.")


def _parent(request: PersonRequest, review: Review) -> Why | None:
    text = request.POST.get("below", "")
    if not text:
        return None
    return get_object_or_404(review.whys, pk=whole_number(text))
