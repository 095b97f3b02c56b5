"""Who may come in: the access rule of the page, asked anew for as long as a connection lasts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from importlib import import_module
from itertools import groupby
from operator import attrgetter
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest
from django.http.request import split_domain_port, validate_host
from starlette.datastructures import Headers

from accounts.access import may_write, takes_part_condition
from accounts.models import Person
from core.text import whole_number
from incidents.models import Incident, Status
from reviews.models import Review

SIGNED_OUT = 4401
NO_ACCESS = 4404  # the page removes its copy of the text from the device
TOO_MANY = 4429  # connections of one person
NOT_NOW = 4403  # the page keeps what is not saved: whoever wrote it may still read the review


class Refused(Exception):
    """The door stays shut; `code` is the close code for the browser."""

    def __init__(self, code: int) -> None:
        super().__init__(f"refused with {code}")
        self.code = code


MOST_CONNECTIONS = 40  # sockets of one person, and as many event streams: a page has one of each


@dataclass(frozen=True)
class Guest:
    """Someone who was let in, and to what."""

    session_key: str
    person: Person
    incident: Incident

    @property
    def review_pk(self) -> int:
        """The key of the review; it is its incident's."""
        return self.incident.pk


@dataclass(frozen=True)
class Knock:
    """Somebody's wish to come in: a session, the number of a review, and whether to write it or to hear of it."""

    session_key: str
    number: int
    to_edit: bool


def admit(session_key: str, number: int, *, to_edit: bool) -> Guest:
    """Lets the person of a session to the review of that number, or raises Refused. Some three queries."""
    knock = Knock(session_key, number, to_edit)
    answer = answers([knock])[knock]
    if isinstance(answer, Guest):
        return answer
    raise Refused(answer)


def answers(knocks: Iterable[Knock]) -> dict[Knock, Guest | int]:
    """Who is let in, and for the others the code that says why not. Some three queries for each session.

    Hearing of changes follows the editor page: it is for those who take part, whatever they may write.
    """
    found: dict[Knock, Guest | int] = {}
    for session_key, some in groupby(sorted(knocks, key=attrgetter("session_key")), attrgetter("session_key")):
        together = list(some)
        person = _person_of(session_key)
        if person is None:
            found |= dict.fromkeys(together, SIGNED_OUT)
            continue
        reviews = Review.objects.visible_to(person).filter(takes_part_condition(person, "incident"))
        numbers = {knock.number for knock in together}
        incidents = {
            review.incident.number: review.incident
            for review in reviews.filter(incident__number__in=numbers).select_related("incident")
        }
        for knock in together:
            incident = incidents.get(knock.number)
            found[knock] = _answer(knock, person, incident) if incident else NO_ACCESS
    return found


def _answer(knock: Knock, person: Person, incident: Incident) -> Guest | int:
    if knock.to_edit and not may_write(person):
        return NO_ACCESS
    if knock.to_edit and incident.status == Status.ARCHIVED:
        return NOT_NOW
    return Guest(knock.session_key, person, incident)


def number_in(path: Mapping[str, Any]) -> int:
    """The number of the review in an address. Raises Refused where it is none."""
    number = whole_number(str(path["number"]))
    if number is None:
        raise Refused(NO_ACCESS)
    return number


def session_key_in(headers: Headers) -> str:
    """The key in the session's cookie; empty where there is none."""
    try:
        morsel = SimpleCookie(headers.get("cookie", "")).get(settings.SESSION_COOKIE_NAME)
    except Exception:  # a cookie that cannot be read is none
        return ""
    return morsel.value if morsel else ""


def is_own_page(headers: Headers) -> bool:
    """Whether a page of this site asks (its Origin), or no page at all; and under a name of this site (its Host).

    A page of another site could open a socket here with the cookies of its visitor.
    """
    host = headers.get("host", "")
    name, port = split_domain_port(host.lower())
    if not name or not validate_host(name, settings.ALLOWED_HOSTS):
        return False
    origin = headers.get("origin")
    if origin is None or origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    try:
        parts = urlsplit(origin.lower())
    except ValueError:
        return False
    origin_name, origin_port = split_domain_port(parts.netloc)
    ports = {port, settings.WEB_PORT} if settings.WEB_PORT else {port}
    default = "443" if parts.scheme == "https" else "80"
    return origin_name == name and (origin_port or default) in {one or default for one in ports}


def _person_of(session_key: str) -> Person | None:
    if not session_key:
        return None
    store: Any = import_module(settings.SESSION_ENGINE).SessionStore
    request = HttpRequest()
    request.session = store(session_key)
    person = get_user(request)
    return person if isinstance(person, Person) and person.is_active else None
