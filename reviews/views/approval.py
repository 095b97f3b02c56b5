"""Asking for review, and answering."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.form_fields import people_offered
from accounts.requests import PersonRequest, signed_in
from reviews.approval_forms import AskForm, VerdictForm
from reviews.approving import answers_of, ask_for_review, give_verdict, suggested_reviewers, withdraw_request
from reviews.models import Review, Verdict
from reviews.queries import draft_for
from reviews.readiness import listed
from reviews.views.editor import UNPROCESSABLE, editable, saved, show_problem, submit
from reviews.views.parts.opened import Opened


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: PersonRequest, number: int) -> HttpResponse:
    """Choosing who should look at the review; it is in review from then on."""
    review = editable(request, number)
    posted = request.POST if request.method == "POST" else None
    form = AskForm(posted, suggested=suggested_reviewers(review), answers=answers_of(review), auto_id="ask-%s")
    if form.is_valid():
        try:
            approvals = ask_for_review(request.user, review, **form.operation_values())
        except ValidationError as problem:
            show_problem(form, problem)
        else:
            names = listed([str(one.person) for one in approvals])
            messages.success(request, f"Asked {names} for review.")
            return redirect(f"{review.incident.get_edit_url()}#approval")
    return _ask_page(request, review, form)


@signed_in
@require_POST
def verdict(request: PersonRequest, number: int) -> HttpResponse:
    """Approved, or what should change: by those who were asked, whatever their role is."""
    review = draft_for(request.user, number)
    if not review.approvals.filter(person=request.user).exists():
        raise PermissionDenied
    form = VerdictForm(request.POST, auto_id="approval-%s")
    wanted = request.POST.get("verdict")
    said = "You approved this review." if wanted == Verdict.APPROVED else "The authors know what should change."
    return submit(
        request,
        review,
        Opened("approval", form=form),
        lambda **values: give_verdict(request.user, review, **values),
        focus=lambda done: "approval",
        said=said,
    )


@signed_in
@require_POST
def withdraw(request: PersonRequest, number: int, approval: int) -> HttpResponse:
    """One reviewer fewer."""
    review = editable(request, number)
    whom = withdraw_request(request.user, review, approval)
    return saved(request, review, "approval", focus="approval", said=f"{whom} is no longer asked.")


def _ask_page(request: PersonRequest, review: Review, form: AskForm) -> HttpResponse:
    context = {
        "review": review,
        "incident": review.incident,
        "form": form,
        "answers": answers_of(review),
        "part": {"offered": people_offered()},
    }
    return render(request, "reviews/ask.html", context, status=UNPROCESSABLE if form.is_bound else 200)
