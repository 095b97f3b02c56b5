"""Trends, and the reviews behind each of their numbers."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.requests import PersonRequest, signed_in
from core.text import whole_number
from learning.trends.invest_page import ranking_of
from learning.trends.investing import weights_of
from learning.trends.listing import how_many, keys_of
from learning.trends.page import trends_of
from learning.trends.selection import Selection, narrowing_of
from learning.trends.span import asked_span, quarters_offered, today
from wiki.rows import rows_with

ON_A_PAGE = 30


@signed_in
@require_safe
def trends(request: PersonRequest) -> HttpResponse:
    """?from=2026-Q1&to=2026-Q3 or ?quarter=2026-Q3, ?by=month; narrowed down as learning.trends.selection says."""
    selection, context = _asked(request)
    context |= {"trends": trends_of(selection), "quarters": quarters_offered(today())}
    return render(request, "learning/trends.html", context)


@signed_in
@require_safe
def reviews(request: PersonRequest) -> HttpResponse:
    """The reviews that a number of the page counts, the newest first."""
    selection, context = _asked(request)
    pages = Paginator(range(how_many(selection)), ON_A_PAGE)
    page = pages.get_page(whole_number(request.GET.get("page", ""), 6) or 1)
    context |= {
        "page": page,
        "rows": rows_with(keys_of(selection, page.start_index() - 1, ON_A_PAGE) if page else []),
        "before": selection.address(request.path, page=str(page.number - 1)) if page.has_previous() else "",
        "after": selection.address(request.path, page=str(page.number + 1)) if page.has_next() else "",
    }
    return render(request, "learning/trend_reviews.html", context)


@signed_in
@require_safe
def invest(request: PersonRequest) -> HttpResponse:
    """Services, or with ?kind=cause cause categories, by a score whose weights the address may give."""
    selection, context = _asked(request)
    kind = "cause" if request.GET.get("kind") == "cause" else "service"
    weights, problems = weights_of(request.GET)
    context |= {"kind": kind, "ranking": ranking_of(selection, kind, weights), "quarters": quarters_offered(today())}
    context["problems"] = [*context["problems"], *problems]
    return render(request, "learning/invest.html", context)


def _asked(request: PersonRequest) -> tuple[Selection, dict[str, Any]]:
    asked, narrowing = asked_span(request.GET, today()), narrowing_of(request.GET)
    selection = Selection(request.user, asked.span, narrowing)
    path = reverse("trends")
    chips = [
        (label, selection.address(request.path, **{name: ""})) for name, label in narrowing.labels.items()
    ]  # each leads to the same without it
    span = asked.span
    beside = {
        "earlier": Selection(request.user, span.before, narrowing).address(request.path),
        "later": Selection(request.user, span.after, narrowing).address(request.path) if span.end <= today() else "",
    }
    return selection, {
        "span": span,
        "problems": [*asked.problems, *narrowing.problems],
        "narrowing": narrowing,
        "chips": chips,
        "trends_address": selection.address(path),
        "invest_address": selection.address(reverse("trends-invest")),
        "zone": timezone.get_default_timezone_name(),
        **beside,
    }
