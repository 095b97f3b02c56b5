"""What happened before, beside a draft: similar reviews, and saying that this is a recurrence of one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from accounts.access import Verb, may
from accounts.requests import PersonRequest, signed_in
from incidents.models import Status
from reviews.live.store import bring_into_rows
from reviews.models import Review
from reviews.queries import draft_for
from reviews.recurring import confirm_recurrence, take_back_recurrence
from reviews.views.editor import UNPROCESSABLE
from wiki.before import before


@signed_in
@require_safe
def similar(request: PersonRequest, number: int) -> HttpResponse:
    """Published reviews like this draft: the panel for htmx, else a page of its own."""
    review = draft_for(request.user, number)
    if not may(request.user, Verb.COMMENT, review.incident):
        raise PermissionDenied
    return _show(request, review)


@signed_in
@require_POST
def confirm(request: PersonRequest, number: int) -> HttpResponse:
    """Keep that this happened before, in the review that was named."""
    review = _editable(request, number)
    try:
        recurrence = confirm_recurrence(request.user, review, request.POST.get("earlier", ""))
    except ValidationError as problem:
        return _show(request, review, problem=" ".join(problem.messages), status=UNPROCESSABLE)
    earlier = recurrence.earlier.incident.number
    return _changed(request, review, f"Kept as a recurrence of review {earlier}.", f"before-take-back-{earlier}")


@signed_in
@require_POST
def take_back(request: PersonRequest, number: int, earlier: int) -> HttpResponse:
    """Let this be no recurrence of the review with the number `earlier`."""
    review = _editable(request, number)
    take_back_recurrence(request.user, review, earlier)
    said = f"Taken back: this is no recurrence of review {earlier}."
    return _changed(request, review, said, f"before-confirm-{earlier}")


def _editable(request: PersonRequest, number: int) -> Review:
    review = draft_for(request.user, number)
    if not may(request.user, Verb.EDIT, review.incident):
        raise PermissionDenied
    return review


def _changed(request: PersonRequest, review: Review, said: str, focus: str) -> HttpResponse:
    if not request.htmx:
        messages.success(request, said)
        return redirect("draft-similar", review.incident.number)
    response = _show(request, review)
    trigger_client_event(response, "editor:saved", {"focus": focus, "said": said}, after="settle")
    return response


def _show(request: PersonRequest, review: Review, *, problem: str = "", status: int = 200) -> HttpResponse:
    bring_into_rows(review.pk)  # what was typed a moment ago is compared
    incident = review.incident
    may_edit = incident.status != Status.ARCHIVED and may(request.user, Verb.EDIT, incident)
    context = {
        "incident": incident,
        "before": before(request.user, review),
        "may_edit": may_edit,
        "problem": problem,
        "typed": request.POST.get("earlier", "") if problem else "",
        "is_open": bool(problem) or request.method == "POST",
    }
    template = "wiki/before.html" if request.htmx else "wiki/before_page.html"
    return render(request, template, context, status=status)
