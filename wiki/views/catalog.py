"""A service, a cause category, a team: what it is, and the published reviews about it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.requests import PersonRequest, signed_in
from catalog.models import CauseCategory, Service, Team


@signed_in
@require_safe
def service(request: PersonRequest, slug: str) -> HttpResponse:
    """A service, its team and its reviews."""
    return render(request, "wiki/catalog.html", {"thing": get_object_or_404(Service, slug=slug)})


@signed_in
@require_safe
def cause(request: PersonRequest, slug: str) -> HttpResponse:
    """A cause category and its reviews."""
    return render(request, "wiki/catalog.html", {"thing": get_object_or_404(CauseCategory, slug=slug)})


@signed_in
@require_safe
def team(request: PersonRequest, slug: str) -> HttpResponse:
    """A team, its services and the reviews about them."""
    return render(request, "wiki/catalog.html", {"thing": get_object_or_404(Team, slug=slug)})
