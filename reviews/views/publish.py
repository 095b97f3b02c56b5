"""The publish page, and asking for review."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Verb, may
from accounts.requests import PersonRequest, signed_in
from incidents.models import Status
from incidents.operations import change_status
from reviews.approving import answers_of
from reviews.forms import PublishForm
from reviews.models import Review
from reviews.publishing import CannotPublish, missing_parts, publish_review
from reviews.since_published import since_published
from reviews.views.editor import UNPROCESSABLE, editable, show_problem


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: PersonRequest, number: int) -> HttpResponse:
    """What is missing, then the next version: only a missing summary is in the way."""
    review = editable(request, number)
    if request.method != "POST":
        return _page(request, review, None)
    form = PublishForm(request.POST)
    if form.is_valid():
        try:
            version = publish_review(request.user, review, form.cleaned_data["note"])
        except CannotPublish:
            return _page(request, review, form, status=UNPROCESSABLE)
        except ValidationError as problem:
            show_problem(form, problem)
        else:
            said = "Published." if version.number == 1 else f"Version {version.number} is published."
            messages.success(request, said)
            return redirect(version.review.incident.get_absolute_url())
    return _page(request, review, form, status=UNPROCESSABLE)


@signed_in
@require_POST
def status(request: PersonRequest, number: int) -> HttpResponse:
    """From draft to in review, or back."""
    review = editable(request, number)
    wanted = request.POST.get("status", "")
    try:
        change_status(request.user, review.incident, wanted)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    else:
        said = "The review is ready for others to look at." if wanted == Status.IN_REVIEW else "Back to draft."
        messages.success(request, said)
    return redirect(reverse("draft", args=[number]))


def _page(request: PersonRequest, review: Review, form: PublishForm | None, *, status: int = 200) -> HttpResponse:
    """`form` as it was posted; without one, the note is suggested from what changed."""
    missing = missing_parts(review)
    since = since_published(review)
    latest = since.version if since else None
    suggested = since.comparison.suggestion if since else ""
    return render(
        request,
        "reviews/publish.html",
        {
            "review": review,
            "incident": review.incident,
            "blocking": [one for one in missing if one.blocking],
            "advised": [one for one in missing if not one.blocking],
            "answers": answers_of(review),
            "latest": latest,
            "next_number": latest.number + 1 if latest else 1,
            "since": since,
            "form": form or PublishForm(initial={"note": suggested}),
            "may_publish": may(request.user, Verb.PUBLISH, review.incident),
        },
        status=status,
    )
