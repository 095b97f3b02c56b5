"""Where a page finds the live process."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port


@dataclass(frozen=True)
class LiveAddress:
    """Of the sockets ("ws://host:8001/live"), of the event streams, and what the policy for content has to allow."""

    sockets: str
    events: str
    sources: tuple[str, ...]


def live_address(request: HttpRequest) -> LiveAddress | None:
    """For the page of this request; None where no live process is configured."""
    secure = request.is_secure()
    if settings.LIVE_AT_SAME_ADDRESS:
        host = request.get_host()
    elif settings.LIVE_PORT:
        host = f"{split_domain_port(request.get_host())[0]}:{settings.LIVE_PORT}"
    else:
        return None
    sockets, pages = f"{'wss' if secure else 'ws'}://{host}", f"{'https' if secure else 'http'}://{host}"
    return LiveAddress(f"{sockets}/live", f"{pages}/live", (sockets, pages))


def allow_live(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Lets the page connect to the live process."""
    if address := live_address(request):
        response._csp_update = {"connect-src": list(address.sources)}  # type: ignore[attr-defined]
    return response
