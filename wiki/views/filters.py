"""Filters of a search: how one may go on while it is typed, and a form that adds some."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.requests import PersonRequest, signed_in
from core.query_language import read_query
from wiki.completion import complete
from wiki.filter_form import FIELDS, choices
from wiki.views.search_page import address


@signed_in
@require_safe
def completions(request: PersonRequest) -> HttpResponse:
    """The options of the list below the search field. Three queries with those of session and person."""
    options = complete(request.user, request.GET.get("part", ""), timezone.localdate())
    return render(request, "wiki/completions.html", {"options": options})


@signed_in
@require_safe
def add_filters(request: PersonRequest) -> HttpResponse:
    """A form that adds filters to a search; sent, it leads there."""
    query = read_query(request.GET.get("q", ""), timezone.localdate())
    sort = request.GET.get("sort", "")[:20]
    if "add" in request.GET:
        return HttpResponseRedirect(address(query.with_filled(request.GET, FIELDS), sort))
    part = "#form" if request.htmx else ""
    return render(request, f"wiki/filters.html{part}", {"text": query.text, "sort": sort, "choices": choices()})
