"""What is asked of every address."""

from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.middleware.common import CommonMiddleware


class AddressMiddleware(CommonMiddleware):
    """Answers under the names of this site only, and leads to an address that lacks its last slash.

    Without the first, a page elsewhere could let its own name point to this machine and read what a visitor's browser
    gets from it. Load balancers ask by number whether the site is well.
    """

    def process_request(self, request: HttpRequest) -> HttpResponsePermanentRedirect | None:
        """400 for a name that is not in ALLOWED_HOSTS."""
        return None if request.path_info == "/healthz" else super().process_request(request)
