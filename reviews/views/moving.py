"""Moving an item among those beside it."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse

from accounts.requests import PersonRequest
from reviews.models import Review
from reviews.views.editor import saved


def moved(
    request: PersonRequest,
    review: Review,
    part: str,
    item: str,
    move: Callable[[str], object],
    directions: tuple[str, ...] = ("up", "down"),
) -> HttpResponse:
    """Moves in the `direction` that was sent; without JavaScript the page opens at the `item`."""
    direction = request.POST.get("direction", "")
    if direction not in directions:
        raise Http404
    said = "Moved."
    try:
        move(direction)
    except ValidationError as problem:
        said = " ".join(problem.messages)
    return saved(request, review, part, focus="" if request.htmx else item, said=said)
