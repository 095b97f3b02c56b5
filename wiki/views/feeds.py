"""Feeds under a secret address, and making and revoking that address."""

from hashlib import sha256

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_POST, require_safe

from accounts.feed_addresses import new_feed_token, reader_of, revoke_feed_token
from accounts.models import Person
from accounts.requests import PersonRequest, signed_in
from core.zones import zone_named
from wiki.feeds import SHOWN, atom, last_change
from wiki.newly_published import last_published
from wiki.searches import saved_search
from wiki.views.search_page import address

LONGEST_TITLE = 80


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """What was last published of what a search finds; of all reviews without one. Five queries at most."""
    text = request.GET.get("q", "")
    return _feed(request, _reader(token), text, f"Reviews: {text[:LONGEST_TITLE]}" if text else "Reviews")


@require_safe
def saved_feed(request: HttpRequest, token: str, search: int) -> HttpResponseBase:
    """The same of a saved search, as it is kept."""
    reader = _reader(token)
    saved = saved_search(reader, search)
    return _feed(request, reader, saved.text, saved.name)


def _reader(token: str) -> Person:
    reader = reader_of(token)
    if reader is None:
        raise Http404
    return reader


def _feed(request: HttpRequest, reader: Person, text: str, title: str) -> HttpResponseBase:
    """Answers 304 to whoever has it already. Each reader has a feed of their own: no cache between keeps it."""
    found = last_published(reader, text, now=timezone.now(), zone=zone_named(reader.time_zone), most=SHOWN)
    absolute = request.build_absolute_uri
    body = atom(title, found, page=absolute(address(text)), own=absolute(), absolute=absolute).encode()
    etag = f'"{sha256(body).hexdigest()[:32]}"'
    changed = int(last_change(found).timestamp())
    headers = {"ETag": etag, "Last-Modified": http_date(changed), "Cache-Control": "private, no-cache"}
    response = HttpResponse(body, content_type="application/atom+xml; charset=utf-8", headers=headers)
    return get_conditional_response(request, etag=etag, last_modified=changed, response=response) or response


@signed_in
@require_POST
def make_feed_address(request: PersonRequest) -> HttpResponse:
    """A new secret address; an earlier one ends."""
    new_feed_token(request.user)
    messages.success(request, "Your feeds have an address. Whoever knows it can read them: keep it to yourself.")
    return redirect("searches")


@signed_in
@require_POST
def revoke_feed_address(request: PersonRequest) -> HttpResponse:
    """No address any more."""
    revoke_feed_token(request.user)
    messages.success(request, "The address was revoked: nothing can be read there any more.")
    return redirect("searches")
