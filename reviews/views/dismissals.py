"""Dismissing a finding, and letting it stand again."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.requests import PersonRequest, signed_in
from reviews.checker.dismissing import dismiss, take_back
from reviews.checker.findings import anchor_of
from reviews.models import Review
from reviews.views.editor import UNPROCESSABLE, editable, show_findings
from reviews.views.findings import refused_dismissal


@signed_in
@require_POST
def dismiss_finding(request: PersonRequest, number: int) -> HttpResponse:
    """With `rule`, `place` and `words` of the finding, and the `reason` why it is fine as it is."""
    review = editable(request, number)
    asked = {name: request.POST.get(name, "") for name in ("rule", "place", "words", "reason")}
    try:
        dismiss(request.user, review, **asked)
    except ValidationError as problem:
        refused = refused_dismissal(request, " ".join(problem.messages))
        return show_findings(request, review, refused=refused, status=UNPROCESSABLE)
    return _answer(request, review, asked["place"])


@signed_in
@require_POST
def take_back_dismissal(request: PersonRequest, number: int, dismissal: int) -> HttpResponse:
    """The finding stands again."""
    review = editable(request, number)
    stored = review.dismissals.filter(pk=dismissal).first()
    if stored is None:
        raise Http404
    take_back(request.user, stored.pk)
    return _answer(request, review, stored.place)


def _answer(request: PersonRequest, review: Review, place: str) -> HttpResponse:
    """For htmx the findings as they are now; the page at the place of the finding otherwise."""
    if request.htmx:
        return show_findings(request, review)
    messages.success(request, "Saved.")
    return redirect(f"{review.incident.get_edit_url()}#{anchor_of(place)}")
