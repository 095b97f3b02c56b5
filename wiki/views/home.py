"""Home: what waits for the reader, and what happened lately."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import PersonRequest, signed_in
from wiki.models import SearchEntry
from wiki.rows import rows_of


@signed_in
@require_safe
def home(request: PersonRequest) -> HttpResponse:
    """The first page after signing in."""
    entries = SearchEntry.objects.visible_to(request.user).select_related("incident").order_by("-occurred_at")[:6]
    return render(request, "wiki/home.html", {"lately": rows_of(entries)})
