"""Pages for what goes wrong before a view is reached."""

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.template.loader import render_to_string


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for a request that cannot be read. Django's own reads the form once more, and fails over it again."""
    return HttpResponseBadRequest(render_to_string("400.html"))
