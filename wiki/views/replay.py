"""The replay of a published incident, and the notes that its reader makes on the way."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import PersonRequest, signed_in
from core.text import whole_number
from incidents.models import Incident
from reviews.views.editor import UNPROCESSABLE
from wiki.article import began_of, moments_of
from wiki.published import Published, find_published, frozen_of
from wiki.replay import forget_notes, keep_note, notes_of, replay_of


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def replay(request: PersonRequest, number: int) -> HttpResponse:
    """?step=N shows what had happened after N events, the next past the last all of it. A POST keeps the `note` about
    the event of ?step= and goes where `go` says: "next", "back", or nowhere.
    """
    published = _published(request, number)
    document = frozen_of(published).document
    if not document["events"]:
        raise Http404
    step = _step(request.GET.get("step", "0"))
    problem, note = "", None
    if request.method == "POST" and 1 <= step <= len(document["events"]):
        note = request.POST.get("note", "")
        try:
            keep_note(request.user, published.review, document["events"][step - 1]["id"], note)
        except ValidationError as refused:
            problem = " ".join(refused.messages)
        else:
            return _go(request, number, step)
    moments = moments_of(document, timezone.get_current_timezone())
    shown = replay_of(moments, notes_of(request.user, published.review), step)
    incident = Incident(number=number, title=document["title"])
    context: dict[str, Any] = {
        "number": number,
        "replay": shown,
        "document": document,
        "began": began_of(document),
        "address": incident.get_absolute_url(),
        "here": reverse("review-replay", args=[number]),
        "note": note if note is not None else (shown.now.note if shown.now else ""),
        "problem": problem,
    }
    return render(request, "wiki/replay.html", context, status=UNPROCESSABLE if problem else 200)


@signed_in
@require_POST
def forget(request: PersonRequest, number: int) -> HttpResponse:
    """Removes the reader's own notes of this replay."""
    published = _published(request, number)
    forget_notes(request.user, published.review)
    messages.success(request, "Your notes of this replay are deleted.")
    return redirect("review-replay", number)


def _published(request: PersonRequest, number: int) -> Published:
    published = find_published(request.user, number)
    if published is None:
        raise Http404
    return published


def _step(text: str) -> int:
    return whole_number(text, 6) or 0


def _go(request: PersonRequest, number: int, step: int) -> HttpResponse:
    by = {"next": 1, "back": -1}.get(request.POST.get("go", ""), 0)
    if not by and request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204)
    return redirect(f"{reverse('review-replay', args=[number])}?step={step + by}#now")
