"""What every request of a signed-in person needs."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from core.zones import zone_named


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
