"""The wiki: search and browse what is published."""

from django.http import HttpResponse
from django.shortcuts import render

from accounts.requests import PersonRequest, signed_in


@signed_in
def search(request: PersonRequest) -> HttpResponse:
    """Search and browse."""
    return render(request, "wiki/search.html", {})
