"""Attaching files, removing them, and serving them to those who may read them."""

import uuid
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.template.defaultfilters import filesizeformat
from django.utils.http import content_disposition_header
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import PersonRequest, signed_in
from reviews.attaching import (
    NOT_OF_A_TYPE,
    TOO_LARGE,
    StorageUnavailable,
    attach_files,
    logger,
)
from reviews.forms import AttachForm
from reviews.models import Attachment, Review
from reviews.removed_attachments import delete_for_good, remove_attachment
from reviews.sniffing import PICTURES
from reviews.views.editor import UNPROCESSABLE, deleted, editable, saved, show
from reviews.views.parts.opened import Opened

OK, FORBIDDEN, CONTENT_TOO_LARGE, UNSUPPORTED_TYPE, UNAVAILABLE = 200, 403, 413, 415, 503
FILES_AT_ONCE = 4  # of the largest size; more of smaller ones
_STATUS_OF = {TOO_LARGE: CONTENT_TOO_LARGE, NOT_OF_A_TYPE: UNSUPPORTED_TYPE}
_STORE_SILENT = "The place where files are kept does not answer. Nothing was stored; try again in a minute."


@csrf_exempt  # the token stands in the form, which nobody reads before its length and the access are known: see _add
@signed_in
@require_POST
def add(request: PersonRequest, number: int) -> HttpResponse:
    """Attaches the files of the form; 201 with addresses and Markdown as JSON for who does not ask for a page."""
    review = editable(request, number)
    most = FILES_AT_ONCE * settings.ATTACHMENT_FILE_BYTES
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isascii() and length.isdigit() and int(length) > most:
        said = f"What you sent has {filesizeformat(int(length))}; at most {filesizeformat(most)} can come at once."
        return _refused(request, review, ValidationError(said.replace("\xa0", " "), code=TOO_LARGE))
    return _add(request, review)


@csrf_protect
def _add(request: PersonRequest, review: Review) -> HttpResponse:
    try:
        attached = attach_files(request.user, review, request.FILES.getlist("file"))
    except ValidationError as problem:
        return _refused(request, review, problem)
    except StorageUnavailable:
        return _refused(request, review, ValidationError(_STORE_SILENT), UNAVAILABLE)
    except PermissionDenied:
        said = ValidationError("This review is archived: it takes no more files.")
        return _refused(request, review, said, FORBIDDEN)
    if _wants_page(request):
        words = "Attached. Copy the Markdown beside it into a text."
        return saved(request, review, "attachments", focus=f"attachment-{attached[-1].pk}", said=words)
    first, *more = [_told(one) for one in attached]
    return JsonResponse({**first, "more": more} if more else first, status=201)


@signed_in
@require_POST
def remove(request: PersonRequest, number: int, attachment: uuid.UUID) -> HttpResponse:
    """One file fewer, if nothing shows it."""
    review = editable(request, number)
    try:
        removed = remove_attachment(request.user, review, attachment)
    except ValidationError as problem:
        return _refused(request, review, problem)
    return deleted(request, review, "attachments", removed, None)


@signed_in
@require_POST
def purge(request: PersonRequest, number: int, deletion: int) -> HttpResponse:
    """The file of a removed attachment is deleted for good."""
    review = editable(request, number)
    try:
        gone = delete_for_good(request.user, review, deletion)
    except StorageUnavailable:
        silent = "The place where files are kept does not answer. Nothing was deleted; try again in a minute."
        return _refused(request, review, ValidationError(silent), UNAVAILABLE)
    said = f"Deleted “{gone.label}” for good."
    return saved(request, review, "attachments", focus="attachments-edit", said=said)


@signed_in
@require_safe
def serve(request: PersonRequest, attachment: uuid.UUID, name: str) -> HttpResponseBase:
    """The file, for those who may read the text that shows it; under its own name only where it is asked for by it."""
    found = Attachment.objects.visible_to(request.user).filter(pk=attachment).first()
    if found is None or name not in (found.address_name, found.nameless):
        raise Http404
    response = HttpResponse() if request.method == "HEAD" else _content(found)
    if response.status_code == OK:
        for header, value in _headers(found, found.name if name == found.address_name else name).items():
            response.headers[header] = value
    return response


def _content(attachment: Attachment) -> HttpResponseBase:
    """The content in pieces, or why there is none."""
    try:
        file = attachment.file.open("rb")
        file.seek(0)  # S3 is asked for the content here, while there can still be another answer
    except FileNotFoundError:
        logger.exception("the file of attachment %s is gone", attachment.pk)
        raise Http404 from None
    except Exception:  # each backend fails in its own way
        logger.exception("attachment %s could not be read", attachment.pk)
        return HttpResponse(_STORE_SILENT, content_type="text/plain", status=UNAVAILABLE)
    return FileResponse(file)


def _headers(attachment: Attachment, name: str) -> dict[str, str]:
    """Nothing in the file can run or be taken for something else, and no copy stays on the device: a review may be
    restricted, and who signed out must not find it there. ReaderMiddleware says no-store where nothing else is said."""
    is_shown = attachment.content_type in PICTURES
    return {
        "Content-Type": attachment.content_type,
        "Content-Length": str(attachment.size),
        "Content-Disposition": content_disposition_header(not is_shown, name) or "attachment",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }


def _refused(
    request: PersonRequest, review: Review, problem: ValidationError, status: int | None = None
) -> HttpResponse:
    """Why not: in the form of the page, or as JSON."""
    status = status or _STATUS_OF.get(str(getattr(problem, "code", "")), UNPROCESSABLE)
    if not _wants_page(request):
        return JsonResponse({"message": " ".join(problem.messages)}, status=status)
    form: Any = AttachForm({}, auto_id="attachments-%s")
    form.errors.clear()
    form.add_error("file", problem.messages)
    if request.htmx:
        status = UNPROCESSABLE  # what the page's script shows in place
    return show(request, review, Opened("attachments", form=form), status=status)


def _wants_page(request: PersonRequest) -> bool:
    """Whether a browser's form or htmx asks; a script's fetch accepts anything and gets JSON."""
    return bool(request.htmx) or "text/html" in request.headers.get("Accept", "")


def _told(attachment: Attachment) -> dict[str, Any]:
    return {
        "url": attachment.get_absolute_url(),
        "name": attachment.name,
        "markdown": attachment.markdown,
        "is_image": attachment.is_picture,
    }
