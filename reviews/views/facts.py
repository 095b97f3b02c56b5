"""Changing the facts of the incident."""

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from accounts.requests import PersonRequest, signed_in
from incidents.forms import FactsForm
from incidents.operations import change_facts
from reviews.models import Review
from reviews.operations import set_causes
from reviews.views.editor import editable
from reviews.views.parts.opened import Opened
from reviews.views.stale import save_change


@signed_in
@require_POST
def change(request: PersonRequest, number: int) -> HttpResponse:
    """Title, severity, services, times, tags and cause categories together."""
    review = editable(request, number)

    forms: list[FactsForm] = []

    def opened(fresh: Review) -> Opened:
        form = FactsForm(request.POST, incident=fresh.incident, causes=fresh.causes.all(), auto_id="facts-%s")
        forms.append(form)
        return Opened("facts", form=form)

    @transaction.atomic
    def operation(**values: Any) -> None:
        change_facts(request.user, review.incident, **values)
        set_causes(request.user, review, forms[-1].cleaned_data["causes"])

    return save_change(request, review, opened, operation, thing="", focus="facts-edit")
