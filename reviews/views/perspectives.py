"""Perspectives on events of the timeline."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from accounts.requests import PersonRequest, signed_in
from reviews.models import Review
from reviews.views.editor import deleted, editable, submit
from reviews.views.parts.opened import Opened
from reviews.views.stale import save_change
from timeline.forms import PerspectiveForm
from timeline.models import Perspective
from timeline.perspectives import add_perspective, change_perspective, delete_perspective


@signed_in
@require_POST
def add(request: PersonRequest, number: int, event: int) -> HttpResponse:
    """One more perspective on an event."""
    review = editable(request, number)
    stored = get_object_or_404(review.incident.events, pk=event)
    form = PerspectiveForm(request.POST, me=request.user.username, auto_id=f"perspective-new-{stored.pk}-%s")
    return submit(
        request,
        review,
        Opened("timeline", below=stored.pk, form=form),
        lambda **values: add_perspective(request.user, stored.pk, **values),
        focus=lambda done: f"perspective-{done.pk}-edit",
        said="Added.",
    )


@signed_in
@require_POST
def change(request: PersonRequest, number: int, perspective: int) -> HttpResponse:
    """A perspective as it was written anew."""
    review = editable(request, number)
    event = _of(review, perspective).event_id

    def opened(fresh: Review) -> Opened:
        stored = _of(fresh, perspective)
        form = PerspectiveForm(
            request.POST, me=request.user.username, perspective=stored, auto_id=f"perspective-{stored.pk}-%s"
        )
        return Opened("timeline", perspective=stored.pk, form=form)

    return save_change(
        request,
        review,
        opened,
        lambda **values: change_perspective(request.user, perspective, **values),
        thing=f"event {event}, perspective {perspective}",
        focus=f"perspective-{perspective}-edit",
    )


@signed_in
@require_POST
def delete(request: PersonRequest, number: int, perspective: int) -> HttpResponse:
    """Without asking; a line with Undo stands below its event."""
    review = editable(request, number)
    stored = _of(review, perspective)
    deletion = delete_perspective(request.user, stored.pk)
    return deleted(request, review, "timeline", deletion, stored.event_id)


def _of(review: Review, pk: int) -> Perspective:
    return get_object_or_404(Perspective.objects.select_related("person"), event__incident=review.incident, pk=pk)
