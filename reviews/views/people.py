"""Who takes part in a review, and who may read it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from accounts.access import Verb, may
from accounts.requests import PersonRequest, signed_in
from incidents.forms import ParticipantForm, VisibilityForm
from incidents.operations import add_participant, change_visibility
from reviews.approving import remove_participant
from reviews.views.editor import UNPROCESSABLE, editable, saved, show, show_problem
from reviews.views.parts.opened import Opened


@signed_in
@require_POST
def add(request: PersonRequest, number: int) -> HttpResponse:
    """One more participant; the form stays open for the next."""
    review = editable(request, number)
    form = ParticipantForm(request.POST, auto_id="participants-%s")
    if form.is_valid():
        try:
            add_participant(request.user, review.incident, form.cleaned_data["whom"], form.cleaned_data["role"])
        except ValidationError as problem:
            show_problem(form, problem)
        else:
            opened = Opened("participants")
            return saved(request, review, "participants", focus="participants-whom", said="Added.", opened=opened)
    return show(request, review, Opened("participants", form=form), status=UNPROCESSABLE)


@signed_in
@require_POST
def remove(request: PersonRequest, number: int, participant: int) -> HttpResponse:
    """One participant fewer; the last author stays."""
    review = editable(request, number)
    try:
        remove_participant(request.user, review.incident, participant)
    except ValidationError as problem:
        form: Any = ParticipantForm({}, auto_id="participants-%s")
        form.errors.clear()
        show_problem(form, problem)
        return show(request, review, Opened("participants", form=form), status=UNPROCESSABLE)
    if not may(request.user, Verb.EDIT, review.incident):
        messages.success(request, f"You no longer take part in “{review.incident.title}”.")
        return HttpResponseClientRedirect(reverse("drafts")) if request.htmx else redirect("drafts")
    opened = Opened("participants")
    return saved(request, review, "participants", focus="participants-whom", said="Removed.", opened=opened)


@signed_in
@require_POST
def visibility(request: PersonRequest, number: int) -> HttpResponse:
    """Everyone, or the people and teams named."""
    review = editable(request, number)
    form = VisibilityForm(request.POST, auto_id="visibility-%s")
    if form.is_valid():
        try:
            change_visibility(request.user, review.incident, **form.cleaned_data)
        except ValidationError as problem:
            show_problem(form, problem)
        else:
            return saved(request, review, "visibility", focus="visibility-edit")
    return show(request, review, Opened("visibility", form=form), status=UNPROCESSABLE)
