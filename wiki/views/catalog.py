"""A service, a cause category, a team: what it is, and the published reviews about it."""

from typing import Any, TypeVar

from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from accounts.access import PUBLISHED_STATES
from accounts.requests import PersonRequest, signed_in
from actions.models import ActionItem
from catalog.models import CauseCategory, Membership, Service, Team
from catalog.queries import find_by_slug
from core.bars import bars_of
from wiki.matching import Matching
from wiki.merging.allowed import may_merge
from wiki.portrait import Portrait, portrait_of
from wiki.search import NEWEST, find
from wiki.views.search import page_number
from wiki.views.search_page import address, count_in_words

_Thing = TypeVar("_Thing", Service, CauseCategory, Team)
_MERGED = {"service": "service", "cause": "category"}


@signed_in
@require_safe
def service(request: PersonRequest, slug: str) -> HttpResponse:
    """A service, its team and its reviews."""
    thing = _called(Service.objects.select_related("owner").prefetch_related("aliases"), slug)
    if thing.slug != slug:
        return _moved(request, thing)
    return _page(request, "service", thing, _open(request, incident__services=thing))


@signed_in
@require_safe
def cause(request: PersonRequest, slug: str) -> HttpResponse:
    """A cause category and its reviews, those of the categories below it as well."""
    thing = _called(CauseCategory.objects.select_related("parent").prefetch_related("children"), slug)
    if thing.slug != slug:
        return _moved(request, thing)
    causes = [thing.pk, *(one.pk for one in thing.children.all())]
    return _page(request, "cause", thing, _open(request, incident__listed__cause_ids__overlap=causes))


@signed_in
@require_safe
def team(request: PersonRequest, slug: str) -> HttpResponse:
    """A team, its people and services, and the reviews about them."""
    members = Prefetch("memberships", Membership.objects.select_related("person"))
    thing = _called(Team.objects.prefetch_related("services", members), slug)
    if thing.slug != slug:
        return _moved(request, thing)
    people = sorted(
        (one for one in thing.memberships.all() if one.person.is_active),
        key=lambda one: (not one.is_lead, str(one.person).casefold()),
    )
    return _page(request, "team", thing, _open(request, team=thing), members=people)


def _called(among: "QuerySet[_Thing]", slug: str) -> _Thing:
    thing = find_by_slug(among, slug)
    if thing is None:
        raise Http404
    return thing


def _moved(request: PersonRequest, thing: Service | CauseCategory | Team) -> HttpResponse:
    """On to the present address. Browsers ask each time: what was renamed may get its name of before back."""
    query = request.META.get("QUERY_STRING", "")
    answer = HttpResponsePermanentRedirect(thing.get_absolute_url() + (f"?{query}" if query else ""))
    answer["Cache-Control"] = "no-cache"
    return answer


def _page(request: PersonRequest, kind: str, thing: Any, actions: dict[str, int], **facts: Any) -> HttpResponse:
    """The page of `thing`; its reviews are those that the search `kind:slug` finds, the newest first.

    Ten queries, eleven for a team, with those of session and person; none looks at more than the
    newest few thousand reviews.
    """
    query = f"{kind}:{thing.slug}"
    page = page_number(request.GET.get("page", ""))
    now, zone = timezone.now(), timezone.get_current_timezone()
    found = find(request.user, query, now=now, zone=zone, sort=NEWEST, page=page)
    context = {
        kind: thing,
        "rows": found.rows,
        "count": count_in_words(found.counts.count, found.counts.is_exact) if found.rows else "",
        "search": address(query),
        "feed": f"{reverse('searches')}?{urlencode({'q': query})}",
        "page": page,
        "has_next": found.has_next,
        "may_merge": _MERGED.get(kind, "") if may_merge(request.user) else "",
        **actions,
        **facts,
    }
    if found.rows and page == 1:
        matching = Matching(request.user, found.query, found.known, now.astimezone(zone).date(), zone)
        context |= _portrait(portrait_of(matching))
    return render(request, f"wiki/{kind}.html", context)


def _portrait(portrait: Portrait) -> dict[str, Any]:
    """What the template shows of it, with links."""
    return {
        "portrait": portrait,
        "bars": bars_of([(one.name, one.count) for one in portrait.quarters]) if portrait.reviews > 1 else None,
        "recurring": [(one, address(one.query)) for one in portrait.recurring],
        "start_here": portrait.picks if len(portrait.picks) > 1 else [],
    }


def _open(request: PersonRequest, **about: Any) -> dict[str, int]:
    """How many unfinished actions of published reviews that the reader may see there are, and how many are overdue."""
    actions = ActionItem.objects.visible_to(request.user).unfinished().filter(incident__status__in=PUBLISHED_STATES)
    overdue = Q(due__lt=timezone.localdate())
    counted = actions.filter(**about).aggregate(open_actions=Count("pk"), overdue_actions=Count("pk", filter=overdue))
    return dict(counted)
