"""Pages in a frame that is kept: what base.html says to a reader is written once, and each request fills its places.

Writing the frame anew takes as long as asking the database who is there. Kept is what depends on the reader alone;
the text of the page and the token against forged requests are put in each time.
"""

import re
from secrets import token_hex

from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from accounts.requests import PersonRequest
from incidents.notifications import unread_count
from wiki.kept import Kept

_FRAMES = Kept(characters=4_000_000)
_SECRET = token_hex(16)  # nobody can write a place into a text
_PLACE = re.compile(rf"{_SECRET}-(\w+)-")


def framed(request: PersonRequest, template: str, **texts: SafeString) -> HttpResponse:
    """`template` with `texts`, the same as from `render`.

    The key below holds all that base.html and `template` may read: whoever lets the frame show more about the reader
    adds it there (tests/wiki/test_framed.py).
    """
    if len(get_messages(request)):
        return render(request, template, texts)
    person, match = request.user, request.resolver_match
    key = (
        template,
        match.url_name if match else "",
        person.pk,
        person.username,
        person.name,
        person.role,
        person.time_zone,
        person.is_staff,
        unread_count(person),
        *texts,
    )
    pieces = _FRAMES.get(key, lambda: _frame(request, template, list(texts)))
    filled = list(pieces)
    places = {**texts, "csrf_token": get_token(request)}
    for at in range(1, len(filled), 2):
        filled[at] = places[filled[at]]
    return HttpResponse("".join(filled))


def _frame(request: PersonRequest, template: str, names: list[str]) -> list[str]:
    """Text and the name of a place by turns."""
    places = {name: SafeString(f"{_SECRET}-{name}-") for name in [*names, "csrf_token"]}
    return _PLACE.split(render_to_string(template, places, request))
