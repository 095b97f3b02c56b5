"""Requests as views see them, and the guard that signs people in first."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django_htmx.middleware import HtmxDetails

from accounts.models import Person, Role


class PersonRequest(HttpRequest):
    """A request of a signed-in person, with django-htmx's details."""

    user: Person
    htmx: HtmxDetails


def signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Sends everyone else to the sign-in page, and back afterwards."""
    return login_required(view)


def role_required(least: Role) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Answers 404 to signed-in people below `least`: what one may not use does not exist."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.has_role(least):
                raise Http404
            return view(request, *args, **kwargs)

        return login_required(guarded)

    return decorate
