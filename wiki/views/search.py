"""The wiki: search and browse what is published."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.requests import PersonRequest, signed_in
from wiki.search import find
from wiki.views.search_page import page_of

_LAST_PAGE = 1_000_000


@signed_in
@require_safe
@vary_on_headers("HX-Request")
def search(request: PersonRequest) -> HttpResponse:
    """A page of results; while one types, only what was found. Five queries with those of session and person, six where
    the value of a filter is unknown."""
    found = find(
        request.user,
        request.GET.get("q", ""),
        now=timezone.now(),
        zone=timezone.get_current_timezone(),
        sort=request.GET.get("sort", ""),
        page=page_number(request.GET.get("page", "")),
    )
    part = "#found" if request.htmx and not request.htmx.history_restore_request else ""
    return render(request, f"wiki/search.html{part}", {"page": page_of(found)})


def page_number(written: str) -> int:
    """The number of a page; the first where it is none."""
    is_number = written.isascii() and written.isdigit() and len(written) < 10
    return min(max(int(written), 1), _LAST_PAGE) if is_number else 1
