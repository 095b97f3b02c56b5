"""A service, a cause category, a team: what it is, and the published reviews about it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import PUBLISHED_STATES
from accounts.requests import PersonRequest, signed_in
from actions.models import ActionItem
from catalog.models import CauseCategory, Service, Team
from wiki.search import NEWEST, find
from wiki.views.search import page_number
from wiki.views.search_page import address, count_in_words


@signed_in
@require_safe
def service(request: PersonRequest, slug: str) -> HttpResponse:
    """A service, its team and its reviews."""
    thing = get_object_or_404(Service.objects.select_related("owner").prefetch_related("aliases"), slug=slug)
    return _page(request, "service", thing, open_actions=_open(request).filter(incident__services=thing).count())


@signed_in
@require_safe
def cause(request: PersonRequest, slug: str) -> HttpResponse:
    """A cause category and its reviews, those of the categories below it as well."""
    thing = get_object_or_404(CauseCategory.objects.select_related("parent").prefetch_related("children"), slug=slug)
    return _page(request, "cause", thing)


@signed_in
@require_safe
def team(request: PersonRequest, slug: str) -> HttpResponse:
    """A team, its people and services, and the reviews about them."""
    thing = get_object_or_404(Team.objects.prefetch_related("services", "memberships__person"), slug=slug)
    members = sorted(
        (one for one in thing.memberships.all() if one.person.is_active),
        key=lambda one: (not one.is_lead, str(one.person).casefold()),
    )
    return _page(request, "team", thing, members=members, open_actions=_open(request).filter(team=thing).count())


def _page(request: PersonRequest, kind: str, thing: Any, **facts: Any) -> HttpResponse:
    """The page of `thing`; its reviews are those that the search `kind:slug` finds, the newest first."""
    query = f"{kind}:{thing.slug}"
    page = page_number(request.GET.get("page", ""))
    found = find(request.user, query, now=timezone.now(), zone=timezone.get_current_timezone(), sort=NEWEST, page=page)
    return render(
        request,
        f"wiki/{kind}.html",
        {
            kind: thing,
            "rows": found.rows,
            "count": count_in_words(found.counts.count, found.counts.is_exact) if found.rows else "",
            "search": address(query),
            "page": page,
            "has_next": found.has_next,
            **facts,
        },
    )


def _open(request: PersonRequest) -> Any:
    """Unfinished actions of published reviews that the reader may see."""
    return ActionItem.objects.visible_to(request.user).unfinished().filter(incident__status__in=PUBLISHED_STATES)
