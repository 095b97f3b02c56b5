"""Requests as views see them, and the guard that signs people in first."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django_htmx.middleware import HtmxDetails

from accounts.models import Person


class PersonRequest(HttpRequest):
    """A request of a signed-in person, with django-htmx's details."""

    user: Person
    htmx: HtmxDetails


def signed_in(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Sends everyone else to the sign-in page, and back afterwards."""
    return login_required(view)
