"""Who may come in: the access rule of the page, asked anew for as long as a connection lasts."""

from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest
from django.http.request import split_domain_port, validate_host
from starlette.datastructures import Headers

from accounts.access import Verb, may
from accounts.models import Person
from incidents.models import Incident, Status
from reviews.models import Review

SIGNED_OUT = 4401
NO_ACCESS = 4404  # the page removes its copy of the text from the device
NOT_NOW = 4403  # the page keeps what is not saved: whoever wrote it may still read the review


class Refused(Exception):
    """The door stays shut; `code` is the close code for the browser."""

    def __init__(self, code: int) -> None:
        super().__init__(f"refused with {code}")
        self.code = code


@dataclass(frozen=True)
class Guest:
    """Someone who was let in, and to what."""

    session_key: str
    person: Person
    incident: Incident
    may_edit: bool

    @property
    def review_pk(self) -> int:
        """The key of the review; it is its incident's."""
        return self.incident.pk


def admit(session_key: str, number: int, *, to_edit: bool) -> Guest:
    """Lets the person of a session to the review of that number, or raises Refused. Some five queries.

    Reading follows the editor page: who may not edit sees a draft there, but not what comes after it.
    """
    person = _person_of(session_key)
    if person is None:
        raise Refused(SIGNED_OUT)
    incident = Incident.objects.visible_to(person).filter(number=number).first()
    if incident is None or not Review.objects.filter(pk=incident.pk).exists():
        raise Refused(NO_ACCESS)
    may_edit = may(person, Verb.EDIT, incident)
    if may_edit and incident.status == Status.ARCHIVED:
        raise Refused(NOT_NOW)
    if not may_edit and (to_edit or incident.is_published):
        raise Refused(NO_ACCESS)
    return Guest(session_key, person, incident, may_edit)


def number_in(path: Mapping[str, Any]) -> int:
    """The number of the review in an address. Raises Refused where it is none."""
    number = str(path["number"])
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise Refused(NO_ACCESS)
    return int(number)


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
