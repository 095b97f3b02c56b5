"""Refusals that no view of the API made: by Django, its middleware or the router. Programs get JSON all the same."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from integrations.door import error

_PLACE = "/api/"
_KEPT = ("Allow", "Cache-Control", "Retry-After", "WWW-Authenticate")
_SAID = {
    400: "The request cannot be read.",
    403: "This is not allowed.",
    404: "There is nothing here, or nothing that you may see.",
    405: "This address does not know that method; “Allow” names those that it does.",
    413: "The body is too long.",
    500: "Something went wrong here; it was written to the log.",
}


class ApiAnswers:
    """Below /api/ every answer that says no has the shape of `integrations.door.error`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if answer.status_code < 400 or not request.path_info.startswith(_PLACE) or _is_json(answer):
            return answer
        said = error(answer.status_code, _SAID.get(answer.status_code, "This cannot be done."))
        for name in _KEPT:
            if name in answer.headers:
                said.headers[name] = answer.headers[name]
        said.headers["Content-Length"] = str(len(said.content))
        return said


def _is_json(answer: HttpResponse) -> bool:
    return answer.headers.get("Content-Type", "").startswith("application/json")
