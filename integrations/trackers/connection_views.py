"""Pages on which administrators set up trackers."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import PersonRequest, signed_in
from integrations.models import TrackerConnection, TrackerKind
from integrations.trackers.connection_forms import ConnectionForm
from integrations.trackers.connections import (
    Tried,
    add_connection,
    change_connection,
    may_set_up,
    remove_connection,
    try_connection,
)
from integrations.trackers.credentials import secret, secret_variable, token, token_variable

UNPROCESSABLE = 422


def administrators(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For everybody else the page does not exist."""

    @wraps(view)
    def guarded(request: PersonRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        if not may_set_up(request.user):
            raise Http404
        return view(request, *arguments, **named)

    return signed_in(guarded)


@administrators
@require_safe
def trackers(request: PersonRequest) -> HttpResponse:
    """All of them, with how they do. Three queries with those of session and person."""
    troubled = Count("issues", filter=~Q(issues__error=""))
    rows = TrackerConnection.objects.annotate(linked=Count("issues"), troubled=troubled)
    context = {"trackers": [(one, bool(token(one.code))) for one in rows], "kinds": TrackerKind.choices}
    return render(request, "integrations/trackers.html", context)


@administrators
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: PersonRequest, kind: str) -> HttpResponse:
    """Set up another one."""
    if kind not in TrackerKind.values:
        raise Http404
    posted = request.POST if request.method == "POST" else None
    form = ConnectionForm(posted, kind=TrackerKind(kind), auto_id="tracker-%s")
    if form.is_valid():
        made = add_connection(request.user, TrackerKind(kind), **form.cleaned_data)
        messages.success(request, f"{made} is set up. Try it, once its token is in place.")
        return redirect("tracker", made.pk)
    context = {"form": form, "kind": TrackerKind(kind)}
    return render(request, "integrations/connection.html", context, status=UNPROCESSABLE if posted else 200)


@administrators
@require_http_methods(["GET", "HEAD", "POST"])
def tracker(request: PersonRequest, tracker: int) -> HttpResponse:
    """Change one."""
    connection = _connection(tracker)
    posted = request.POST if request.method == "POST" else None
    form = ConnectionForm(posted, kind=TrackerKind(connection.kind), connection=connection, auto_id="tracker-%s")
    if form.is_valid():
        change_connection(request.user, connection.pk, **form.cleaned_data)
        messages.success(request, f"{form.cleaned_data['name']} is saved.")
        return redirect("tracker", connection.pk)
    return _show(request, connection, form, status=UNPROCESSABLE if posted else 200)


@administrators
@require_POST
def try_it(request: PersonRequest, tracker: int) -> HttpResponse:
    """Ask it now, and say what works."""
    connection = _connection(tracker)
    tried = try_connection(connection)
    return _show(request, _connection(tracker), None, tried=tried)


@administrators
@require_POST
def remove(request: PersonRequest, tracker: int) -> HttpResponse:
    """Forget it."""
    removed = remove_connection(request.user, _connection(tracker).pk)
    messages.success(request, f"{removed} is no longer set up. Items keep the addresses of their issues.")
    return redirect("trackers")


def _connection(pk: int) -> TrackerConnection:
    if pk >= 2**63:
        raise Http404
    return get_object_or_404(TrackerConnection, pk=pk)


def _show(
    request: PersonRequest,
    connection: TrackerConnection,
    form: ConnectionForm | None,
    *,
    tried: list[Tried] | None = None,
    status: int = 200,
) -> HttpResponse:
    kind = TrackerKind(connection.kind)
    path = reverse(f"hook-{kind}")
    site = settings.SITE_ADDRESS.rstrip("/")
    context = {
        "connection": connection,
        "kind": kind,
        "form": form or ConnectionForm(kind=kind, connection=connection, auto_id="tracker-%s"),
        "tried": tried,
        "token_variable": token_variable(connection.code),
        "has_token": bool(token(connection.code)),
        "secret_variable": secret_variable(connection.code),
        "has_secret": bool(secret(connection.code)),
        "hook": f"{site}{path}" if site else request.build_absolute_uri(path),
        "linked": connection.issues.count(),
        "troubled": connection.issues.exclude(error="").select_related("action")[:20],
    }
    return render(request, "integrations/connection.html", context, status=status)
