"""Who comes to the API's door, and what it says when something is wrong: always the same shape of JSON."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.core.exceptions import ValidationError as Refused
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, RawPostDataException
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import HttpError
from ninja.errors import ValidationError as Unreadable
from ninja.security import HttpBearer, SessionAuth

from accounts.models import Person, TokenScope
from accounts.tokens import token_row
from core.text import storable

READING = ("GET", "HEAD", "OPTIONS")
_CODES = {
    400: "bad-request",
    401: "not-signed-in",
    403: "not-allowed",
    404: "not-found",
    405: "no-such-method",
    409: "conflict",
    412: "stale",
    413: "too-long",
    422: "invalid",
    429: "too-many",
    500: "failed",
    503: "unavailable",
}


class ByToken(HttpBearer):
    """`Authorization: Bearer TOKEN`; a token for reading changes nothing."""

    def authenticate(self, request: HttpRequest, token: str) -> Person | None:
        """The token's person, who becomes the request's."""
        found = token_row(token)
        if found is None:
            return None
        if found.scope == TokenScope.READ and request.method not in READING and not _only_reads(request):
            raise HttpError(403, "This token may only read. Make one with --scope write.")
        request.user = found.person
        return found.person


class BySession(SessionAuth):
    """The session of the browser; changes need its CSRF token as well."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        """The signed-in person."""
        return request.user if request.user.is_authenticated else None


def _only_reads(request: HttpRequest) -> bool:
    """Checking a text is sent by POST since texts are long; it changes nothing."""
    return request.path.endswith("/check")


def error(status: int, message: str, fields: dict[str, list[str]] | None = None, **more: Any) -> HttpResponse:
    """An answer that says what is wrong, and for which fields."""
    code = _CODES.get(status, "error")
    answer = JsonResponse({"error": {"code": code, "message": message, "fields": fields or {}}, **more}, status=status)
    if status == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="Debrief"'
    return answer


def teach_manners(api: NinjaAPI) -> None:
    """Every refusal of `api` in the shape of `error`."""

    @api.exception_handler(HttpError)
    def refused(request: HttpRequest, problem: HttpError) -> HttpResponse:
        if problem.status_code == 401:
            return error(401, "Send a token as “Authorization: Bearer TOKEN”, or sign in.")
        if problem.status_code == 400:
            return error(400, "The body is not JSON that can be read. Send it as application/json.")
        if problem.status_code == 429:
            return error(
                429, f"More than {settings.API_PER_MINUTE} requests in a minute. “Retry-After” says when to go on."
            )
        return error(problem.status_code, problem.message)

    @api.exception_handler(Unreadable)
    def unreadable(request: HttpRequest, problem: Unreadable) -> HttpResponse:
        fields: dict[str, list[str]] = {}
        for one in problem.errors:
            place = [str(part) for part in one["loc"] if part not in ("body", "query", "path", "payload")]
            fields.setdefault(storable(".".join(place)) or "body", []).append(storable(one["msg"]))
        return error(422, "Some values cannot be taken; “fields” says which.", fields)

    @api.exception_handler(Refused)
    def invalid(request: HttpRequest, problem: Refused) -> HttpResponse:
        fields = problem.message_dict if hasattr(problem, "error_dict") else {}
        return error(422, " ".join(problem.messages), fields)

    @api.exception_handler(PermissionDenied)
    def denied(request: HttpRequest, problem: PermissionDenied) -> HttpResponse:
        return error(403, "You may see this, but not change it.")

    @api.exception_handler(RequestDataTooBig)
    def too_long(request: HttpRequest, problem: RequestDataTooBig) -> HttpResponse:
        return error(413, "The body is too long.")

    @api.exception_handler(RawPostDataException)
    def read_already(request: HttpRequest, problem: RawPostDataException) -> HttpResponse:
        """A form, in which Django looked for the CSRF token."""
        return error(400, "The body is not JSON that can be read. Send it as application/json.")

    @api.exception_handler(Http404)
    def missing(request: HttpRequest, problem: Http404) -> HttpResponse:
        return nothing_here(request)


@csrf_exempt
def nothing_here(request: HttpRequest) -> HttpResponse:
    """For every address that is none, and for what a caller may not see."""
    return error(404, "There is nothing here, or nothing that you may see.")
