"""Home: what waits for the reader, and what happened lately."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import may_start_reviews
from accounts.requests import PersonRequest, signed_in
from wiki.waiting import waiting_for


@signed_in
@require_safe
def home(request: PersonRequest) -> HttpResponse:
    """The first page after signing in. Six queries with those of session and person."""
    waiting = waiting_for(request.user, timezone.localdate(), timezone.get_current_timezone())
    return render(request, "wiki/home.html", {"waiting": waiting, "may_start": may_start_reviews(request.user)})
