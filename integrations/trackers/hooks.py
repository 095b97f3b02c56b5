"""Where trackers call. What a webhook says is a hint: the issue is then asked for, so that order and age do not matter.

A signature decides which connection it is. The same delivery again does nothing.
"""

from collections.abc import Callable
from functools import partial

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from core.text import one_line
from integrations.door import error
from integrations.models import TrackerConnection, TrackerDelivery, TrackerKind
from integrations.trackers.asking import ask
from integrations.trackers.credentials import secret
from integrations.trackers.polling import linked_to
from integrations.trackers.registry import KINDS
from integrations.trackers.tracker import Delivery

LONGEST = 5_000_000


def hook(kind: TrackerKind) -> Callable[[HttpRequest], HttpResponse]:
    """The view that takes the webhooks of one kind of tracker."""
    return csrf_exempt(require_POST(partial(_take, kind=kind)))


def _take(request: HttpRequest, kind: TrackerKind) -> HttpResponse:
    length = request.headers.get("Content-Length", "")
    if length.isdigit() and int(length[:18]) > LONGEST:
        return error(413, "The body is too long.")
    body = request.body
    for connection in TrackerConnection.objects.filter(kind=kind, is_on=True):
        try:
            delivery = KINDS[kind].delivered(request.headers, request.GET.dict(), body, secret(connection.code))
        except (ValueError, RecursionError):
            return error(400, "The body is not JSON that can be read.")
        if delivery is not None:
            return _taken(connection, delivery)
    return error(401, "No connection here has a secret with which this is signed.")


def _taken(connection: TrackerConnection, delivery: Delivery) -> HttpResponse:
    try:
        with transaction.atomic():
            TrackerDelivery.objects.create(connection=connection, delivery=one_line(delivery.id)[:200])
            TrackerConnection.objects.filter(pk=connection.pk).update(last_delivery_at=timezone.now())
            found = _look(connection, delivery)
    except IntegrityError:
        return JsonResponse({"status": "repeated"})
    return JsonResponse({"status": "taken" if found else "ignored"}, status=202 if found else 200)


def _look(connection: TrackerConnection, delivery: Delivery) -> int:
    """Look at what is linked to the issue: how many items."""
    if delivery.place is None:
        return 0
    found = list(linked_to(connection, [(delivery.issue_id, delivery.place)]).values_list("pk", flat=True))
    ask(*found)
    return len(found)


github = hook(TrackerKind.GITHUB)
gitlab = hook(TrackerKind.GITLAB)
jira = hook(TrackerKind.JIRA)
linear = hook(TrackerKind.LINEAR)
