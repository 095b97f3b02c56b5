"""Importing write-ups: files are uploaded, looked at, and imported as far as one chooses."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, TooManyFilesSent, ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import may_start_reviews
from accounts.requests import PersonRequest, signed_in
from core.text import whole_number
from reviews.attaching import StorageUnavailable
from reviews.importing.uploads.keeping import (
    KEPT_FOR,
    MOST_FILES,
    discard_upload,
    find_upload,
    keep_upload,
    may_publish_imports,
    too_much,
    uploads_of,
)
from reviews.importing.uploads.working import begin_again, begin_import, begin_reading, has_stopped
from reviews.models import EntryStatus, Review, Upload, UploadState
from reviews.views.editor import UNPROCESSABLE

_ON_A_PAGE = 100
_FORM_BESIDES_FILES = 1_000_000  # bytes of a form that are no file's
_SILENT = "The place where files are kept does not answer. Nothing was stored; try again in a minute."
_FILTERS = {
    "new": (EntryStatus.NEW, EntryStatus.CHOSEN),
    "problems": (EntryStatus.FAILED,),
    "here": (EntryStatus.UNCHANGED,),
    "imported": (EntryStatus.IMPORTED,),
}


@csrf_exempt  # the token stands in the form, which nobody reads before its length is known: see _add
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: PersonRequest) -> HttpResponse:
    """The form to upload files with, and what waits of earlier uploads."""
    if not may_start_reviews(request.user):
        raise PermissionDenied
    if request.method != "POST":
        return _form(request)
    length = whole_number(request.META.get("CONTENT_LENGTH") or "0") or 0
    if length > settings.IMPORT_BYTES + _FORM_BESIDES_FILES:
        return _form(request, [too_much(length)], status=413)
    try:
        sent = request.FILES
    except TooManyFilesSent:
        return _form(request, [f"At most {MOST_FILES} files can come at once. Put them in a ZIP."], UNPROCESSABLE)
    return _add(request, sent.getlist("file"))


@csrf_protect
def _add(request: PersonRequest, sent: Any) -> HttpResponse:
    try:
        upload = keep_upload(request.user, sent)
    except ValidationError as problem:
        return _form(request, problem.messages, UNPROCESSABLE)
    except StorageUnavailable:
        return _form(request, [_SILENT], 503)
    begin_reading(upload)
    return redirect("import", upload.pk)


@signed_in
@require_safe
def upload(request: PersonRequest, upload: uuid.UUID) -> HttpResponse:
    """What is in an upload and what would become of it; while it is worked on, how far that is."""
    return _page(request, find_upload(request.user, upload))


@signed_in
@require_POST
def choose(request: PersonRequest, upload: uuid.UUID) -> HttpResponse:
    """Import the entries that are ticked, or all new ones."""
    found = find_upload(request.user, upload)
    ticked = None
    if request.POST.get("which") != "all":
        numbers = (whole_number(one, 9) for one in request.POST.getlist("entry"))
        ticked = [one for one in numbers if one is not None]
        if not ticked:
            return _page(request, found, ["Tick what you want to import."], UNPROCESSABLE)
    begin_import(request.user, found.pk, ticked, publish="publish" in request.POST)
    return redirect("import", found.pk)


@signed_in
@require_POST
def again(request: PersonRequest, upload: uuid.UUID) -> HttpResponse:
    """Go on with an upload that nobody works on any more."""
    found = find_upload(request.user, upload)
    begin_again(found)
    return redirect("import", found.pk)


@signed_in
@require_POST
def discard(request: PersonRequest, upload: uuid.UUID) -> HttpResponse:
    """Forget an upload; what was imported from it stays."""
    discard_upload(find_upload(request.user, upload))
    messages.success(request, "The upload is discarded. Reviews that were imported from it stay.")
    return redirect("imports")


def _form(request: PersonRequest, problems: Any = (), status: int = 200) -> HttpResponse:
    waiting = uploads_of(request.user).prefetch_related("files").annotate(found=Count("entries"))
    context = {
        "problems": list(problems),
        "waiting": waiting,
        "most": settings.IMPORT_BYTES,
        "most_files": MOST_FILES,
        "hours": round(KEPT_FOR.total_seconds() / 3600),
    }
    return render(request, "reviews/import.html", context, status=status)


def _page(request: PersonRequest, found: Upload, problems: Any = (), status: int = 200) -> HttpResponse:
    """Eight queries with those of session and person."""
    at_work = found.state in (UploadState.READING, UploadState.IMPORTING)
    counts = dict(found.entries.order_by().values_list("status").annotate(Count("pk")))
    grouped = {name: sum(counts.get(one, 0) for one in states) for name, states in _FILTERS.items()}
    shown = request.GET.get("show", "")
    if shown not in grouped or not grouped[shown]:
        shown = next((name for name, count in grouped.items() if count), "new")
    context: dict[str, Any] = {
        "upload": found,
        "files": list(found.files.all()),
        "problems": list(problems),
        "at_work": at_work,
        "has_stopped": has_stopped(found),
        "done": _done(found, counts),
        "total": _total(found, counts),
        "counts": grouped,
        "shown": shown,
        "may_publish": may_publish_imports(request.user),
    }
    if not at_work:
        seen = Review.objects.visible_to(request.user).select_related("incident")
        listed = found.entries.filter(status__in=_FILTERS[shown]).prefetch_related(Prefetch("review", seen))
        context["page"] = Paginator(listed, _ON_A_PAGE).get_page(request.GET.get("page", ""))
    part = "#progress" if request.htmx and at_work else ""
    answer = render(request, f"reviews/import_upload.html{part}", context, status=status)
    if request.htmx and not at_work:
        answer["HX-Refresh"] = "true"
    return answer


def _done(found: Upload, counts: dict[str, int]) -> int:
    """How many write-ups were read, or how many of the chosen ones imported."""
    if found.state == UploadState.READING:
        return sum(counts.values())
    return counts.get(EntryStatus.IMPORTED, 0)


def _total(found: Upload, counts: dict[str, int]) -> int | None:
    if found.state == UploadState.READING:
        return found.total
    return counts.get(EntryStatus.IMPORTED, 0) + counts.get(EntryStatus.CHOSEN, 0)
