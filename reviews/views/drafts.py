"""The list of drafts, and beginning a new one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.access import may_start_reviews
from accounts.requests import PersonRequest, signed_in
from incidents.forms import zones_offered
from reviews.operations import save_section, start_review
from reviews.queries import drafts_of
from reviews.template_forms import NewReviewForm
from reviews.views.editor import UNPROCESSABLE, show_problem


@signed_in
def drafts(request: PersonRequest) -> HttpResponse:
    """The drafts and reviews in review that the person takes part in."""
    return render(
        request,
        "reviews/drafts.html",
        {"drafts": drafts_of(request.user), "may_start": may_start_reviews(request.user)},
    )


@signed_in
def new_incident(request: PersonRequest) -> HttpResponse:
    """A new incident; its review begins with it."""
    if not may_start_reviews(request.user):
        raise PermissionDenied
    zone = request.user.time_zone
    form = NewReviewForm(request.POST or None, initial={"zone": zone}, auto_id="new-%s")
    if request.method == "POST":
        if form.data and form.is_valid():
            try:
                return _begin(request, form)
            except ValidationError as problem:
                show_problem(form, problem)
        elif not form.data:
            form = NewReviewForm({}, initial={"zone": zone}, auto_id="new-%s")
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "reviews/new.html", {"form": form, "zones": zones_offered(zone)}, status=status)


def _begin(request: PersonRequest, form: NewReviewForm) -> HttpResponse:
    """Both or nothing: a summary that cannot be stored leaves no incident behind."""
    with transaction.atomic():
        review = start_review(request.user, **form.operation_values())
        summary = form.cleaned_data["summary"]
        if summary.strip():
            section = review.sections.filter(kind="summary").first()
            try:
                save_section(request.user, review, "summary", summary, section.revision if section else 0)
            except ValidationError as problem:
                raise ValidationError({"summary": problem.messages}) from problem
    messages.success(request, "The review has begun. Each part is saved on its own.")
    return redirect(review.incident.get_edit_url())
