"""What every request of a signed-in person needs."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.middleware import AuthenticationMiddleware, get_user
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from accounts.models import Person
from core.zones import zone_named

_BY_PASSWORD = "django.contrib.auth.backends.ModelBackend"  # noqa: S105  asks only whether an account is active


class PersonMiddleware(AuthenticationMiddleware):
    """Django's own, which takes the person that was read together with their session, where it is theirs."""

    def process_request(self, request: HttpRequest) -> None:
        """Sets `request.user`, who is looked for when somebody asks."""
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _person_of(request))  # type: ignore[assignment]


def _person_of(request: Any) -> Any:
    if not hasattr(request, "_cached_user"):
        request._cached_user = _read_with_session(request) or get_user(request)
    return request._cached_user


def _read_with_session(request: HttpRequest) -> Person | None:
    """The person, if the session says what Django wants to hear; None where Django should look itself."""
    session: Any = request.session
    said = {name: session.get(name, "") for name in (SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY)}
    person: Person | None = getattr(session, "person", None)
    if person is None or not person.is_active:
        return None
    if (said[SESSION_KEY], said[BACKEND_SESSION_KEY]) != (str(person.pk), _BY_PASSWORD):
        return None
    return person if constant_time_compare(said[HASH_SESSION_KEY], person.get_session_auth_hash()) else None


class ReaderMiddleware:
    """Shows times in the reader's zone, and keeps pages of signed-in people out of every cache.

    Without `no-store`, the browser's Back button shows restricted text after signing out.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        timezone.deactivate()
        if request.user.is_authenticated:
            timezone.activate(zone_named(request.user.time_zone))
        response = self.get_response(request)
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store, private"
        return response
