"""Figures of action items, and the lists behind them."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.requests import PersonRequest, signed_in
from actions.models import ActionItem
from catalog.models import Team
from catalog.queries import find_by_slug
from core.zones import zone_named
from followup.figures.factors import factors_by_review, reviews_with_factors, summed
from followup.figures.items import Counted, counted_items
from followup.figures.page import NO_TEAM, figures_of
from followup.figures.selections import selection_named
from followup.held.asking import MOST_WEEKS, may_set_weeks, weeks_until_asked
from followup.worded import all_worded, for_reader

ON_A_PAGE = 50


@signed_in
@require_safe
def figures(request: PersonRequest) -> HttpResponse:
    """All figures, of what ?q= finds. Six queries with those of session and person, seven where a filter names
    something."""
    context = {
        "figures": figures_of(request.user, _counted(request)),
        "zone": request.user.time_zone,
        "weeks": weeks_until_asked(),
        "most_weeks": MOST_WEEKS,
        "may_set_weeks": may_set_weeks(request.user),
    }
    return render(request, "followup/figures.html", context)


@signed_in
@require_safe
def figure(request: PersonRequest) -> HttpResponse:
    """The items behind a figure: ?of= names it, ?team= narrows it to a team."""
    counted = _counted(request)
    selection = selection_named(request.GET.get("of", ""), counted.today)
    if selection is None:
        raise Http404
    slug = request.GET.get("team", "")
    team = find_by_slug(Team.objects.all(), slug) if slug and slug != NO_TEAM and "\x00" not in slug else None
    if slug and slug != NO_TEAM and team is None:
        raise Http404
    keys = [item.pk for item in selection.of(counted.items) if not slug or item.team == (team.pk if team else None)]
    page = Paginator(keys, ON_A_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "title": selection.label,
        "team": str(team) if team else "No team" if slug else "",
        "text": counted.query.text,
        "count": len(keys),
        "items": _worded(request, list(page)),
        "page": page,
        "rest": urlencode({name: request.GET[name] for name in ("of", "team", "q") if request.GET.get(name)}),
    }
    return render(request, "followup/figure.html", context)


@signed_in
@require_safe
def figure_factors(request: PersonRequest) -> HttpResponse:
    """The reviews whose factors are counted, those with most factors left first."""
    counted = _counted(request)
    narrowed = [item.pk for item in counted.items] if counted.query.text else None
    by_review = factors_by_review(request.user, narrowed)
    page = Paginator(reviews_with_factors(request.user, by_review), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "sum": summed(by_review),
        "reviews": list(page),
        "page": page,
        "text": counted.query.text,
        "rest": urlencode({"q": counted.query.text}),
    }
    return render(request, "followup/figure_factors.html", context)


def _counted(request: PersonRequest) -> Counted:
    zone = zone_named(request.user.time_zone)
    return counted_items(request.user, request.GET.get("q", ""), timezone.localdate(), zone)


def _worded(request: PersonRequest, keys: list[int]) -> list[Any]:
    rows = for_reader(ActionItem.objects.visible_to(request.user).filter(pk__in=keys), request.user)
    places = {key: place for place, key in enumerate(keys)}
    return all_worded(sorted(rows, key=lambda row: places[row.pk]), request.user)
