"""Calendars of due dates under a secret address, and the page where one gets it."""

from hashlib import sha256

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_POST, require_safe

from accounts.feed_addresses import feed_token, new_feed_token, reader_of, revoke_feed_token
from accounts.models import FeedPurpose, Person
from accounts.requests import PersonRequest, signed_in
from catalog.models import Team
from catalog.queries import find_by_slug
from core.text import one_line
from core.zones import zone_named
from followup.calendars.due import due_items, last_change
from followup.calendars.events import calendar_file

FOR = FeedPurpose.CALENDARS


@require_safe
def my_calendar(request: HttpRequest, token: str) -> HttpResponseBase:
    """What the reader owns. Three queries."""
    return _calendar(request, _reader(token), None)


@require_safe
def team_calendar(request: HttpRequest, token: str, slug: str) -> HttpResponseBase:
    """What a team does. Four queries, five under a former name of the team."""
    reader = _reader(token)
    team = find_by_slug(Team.objects.all(), slug)
    if team is None:
        raise Http404
    return _calendar(request, reader, team)


def _reader(token: str) -> Person:
    reader = reader_of(token, FOR)
    if reader is None:
        raise Http404
    return reader


def _calendar(request: HttpRequest, reader: Person, team: Team | None) -> HttpResponseBase:
    """Answers 304 to whoever has it already. Each reader has calendars of their own: no cache between keeps them."""
    now = timezone.now()
    changed = int(last_change(now, zone_named(reader.time_zone)).timestamp())
    name = f"Action items of {team}" if team else "My action items"
    about = f"When action items of {team} are due." if team else f"When action items of {reader} are due."
    site = request.build_absolute_uri("/").rstrip("/")
    body = calendar_file(name, about, due_items(reader, team, now), site)
    etag = f'"{sha256(body).hexdigest()[:32]}"'
    headers = {
        "ETag": etag,
        "Last-Modified": http_date(changed),
        "Cache-Control": "private, no-cache",
        "Content-Disposition": f'inline; filename="{team.slug if team else "action-items"}.ics"',
        "X-Robots-Tag": "noindex",
    }
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8", headers=headers)
    return get_conditional_response(request, etag=etag, last_modified=changed, response=response) or response


@signed_in
@require_safe
def calendars(request: PersonRequest) -> HttpResponse:
    """The reader's addresses: their own, their teams', and that of any other team. Three queries beside the page's."""
    token = feed_token(request.user, FOR)
    teams = list(Team.objects.all())
    mine = set(request.user.memberships.values_list("team", flat=True))
    asked = one_line(request.GET.get("team", ""))
    other = next((team for team in teams if team.slug == asked and team.pk not in mine), None)
    shown = [team for team in teams if team.pk in mine or team == other]
    addresses = [("My action items", reverse("feed-calendar", args=[token]))] if token else []
    if token:
        addresses += [(f"{team}", reverse("feed-team-calendar", args=[token, team.slug])) for team in shown]
    context = {
        "addresses": [
            (name, request.build_absolute_uri(path), _subscribing(request, path)) for name, path in addresses
        ],
        "teams": [team for team in teams if team.pk not in mine],
        "asked": other.slug if other else "",
        "unknown": asked if asked and not any(team.slug == asked for team in teams) else "",
    }
    return render(request, "followup/calendars.html", context)


def _subscribing(request: PersonRequest, path: str) -> str:
    """The address that calendar programs on this device open."""
    return f"webcal://{request.get_host()}{path}"


@signed_in
@require_POST
def make_calendar_address(request: PersonRequest) -> HttpResponse:
    """A new secret address; an earlier one ends."""
    new_feed_token(request.user, FOR)
    messages.success(request, "Your calendars have an address. Whoever knows it can read them: keep it to yourself.")
    return redirect("calendars")


@signed_in
@require_POST
def revoke_calendar_address(request: PersonRequest) -> HttpResponse:
    """No address any more."""
    revoke_feed_token(request.user, FOR)
    messages.success(request, "The address was revoked: nothing can be read there any more.")
    return redirect("calendars")
