"""Changing the facts of the incident."""

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from accounts.requests import PersonRequest, signed_in
from incidents.forms import FactsForm
from incidents.operations import change_facts
from reviews.operations import set_causes
from reviews.views.editor import editable, submit
from reviews.views.parts.opened import Opened


@signed_in
@require_POST
def change(request: PersonRequest, number: int) -> HttpResponse:
    """Title, severity, services, times, tags and cause categories together."""
    review = editable(request, number)
    form = FactsForm(request.POST, incident=review.incident, causes=review.causes.all(), auto_id="facts-%s")

    @transaction.atomic
    def operation(**values: Any) -> None:
        change_facts(request.user, review.incident, **values)
        set_causes(request.user, review, form.cleaned_data["causes"])

    return submit(request, review, Opened("facts", form=form), operation, focus=lambda done: "facts-edit")
