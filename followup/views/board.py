"""The board of action items, the form that adds filters to it, and who has how much to do."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.requests import PersonRequest, signed_in
from core.query_language import read_query
from followup.board.completion import complete
from followup.board.filter_form import FIELDS, choices
from followup.board.load import read_load
from followup.board.page import address, asked_by, page_of
from followup.board.reading import read_board
from followup.board.vocabulary import BOARD


@signed_in
@require_safe
@vary_on_headers("HX-Request")
def board(request: PersonRequest) -> HttpResponse:
    """Action items in groups. Five queries with those of session and person, six where a filter names something."""
    asked = asked_by(request.GET)
    page = page_of(read_board(request.user, asked, timezone.localdate()), asked, request.GET.get("column", ""))
    if not request.htmx or request.htmx.history_restore_request:
        return render(request, "followup/board.html", {"page": page})
    if asked.only and asked.after:
        return render(
            request, "followup/board_cards.html", {"column": page.columns and page.columns[0], "by": asked.by}
        )
    return render(request, "followup/board.html#board", {"page": page})


@signed_in
@require_safe
def add_filters(request: PersonRequest) -> HttpResponse:
    """A form that adds filters to the board; sent, it leads there."""
    asked = asked_by(request.GET)
    query = read_query(asked.text, timezone.localdate(), BOARD)
    if "add" in request.GET:
        return HttpResponseRedirect(address(asked, q=query.with_filled(request.GET, FIELDS)))
    part = "#form" if request.htmx else ""
    return render(request, f"followup/board_filters.html{part}", {"asked": asked, "selects": choices()})


@signed_in
@require_safe
def completions(request: PersonRequest) -> HttpResponse:
    """The options of the list below the search field. Two queries with that of session and person."""
    options = complete(request.GET.get("part", ""), timezone.localdate())
    return render(request, "wiki/completions.html", {"options": options})


@signed_in
@require_safe
def load(request: PersonRequest) -> HttpResponse:
    """Who has how much to do: for the team lead. Four queries with those of session and person, five with filters."""
    text = request.GET.get("q", "")
    return render(request, "followup/board_load.html", {"load": read_load(request.user, text, timezone.localdate())})
