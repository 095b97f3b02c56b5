"""The part of an action item's page about its issue in a tracker; a page of its own without JavaScript."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import PersonRequest, signed_in
from actions.operations import change_action
from core.text import whole_number
from followup.item.page import ItemPage, page_of
from integrations.models import TrackerConnection
from integrations.trackers import linking
from integrations.trackers.standing import Standing

UNPROCESSABLE = 422


@signed_in
@require_safe
def tracker(request: PersonRequest, action: int) -> HttpResponse:
    """How both stand, and what can be done."""
    page = _page(request, action)
    return _show(request, page, Standing(page.action, page.may_assign, page.tells_all))


@signed_in
@require_POST
def link(request: PersonRequest, action: int) -> HttpResponse:
    """Link the issue whose address was pasted; none where it is empty."""
    page = _page(request, action)
    typed = request.POST.get("tracker_url", "").strip()
    if not typed:
        return _refused(request, page, problem="Paste the address of an issue.")
    try:
        change_action(request.user, action, tracker_url=typed)
    except ValidationError as problem:
        return _refused(request, page, typed=typed[:500], problem=" ".join(problem.messages))
    return _done(request, action, "The issue is linked.")


@signed_in
@require_POST
def create(request: PersonRequest, action: int) -> HttpResponse:
    """Let the worker create an issue where it was chosen."""
    page = _page(request, action)
    chosen = request.POST.get("place", "")
    key, _, project = chosen.partition(":")
    connection = TrackerConnection.objects.filter(pk=whole_number(key) or 0).first()
    try:
        if connection is None:
            raise ValidationError("Choose where the issue is created.")
        linking.create_issue(request.user, action, connection, project)
    except ValidationError as problem:
        return _refused(request, page, chosen=chosen, problem=" ".join(problem.messages))
    return _done(request, action, f"{connection} is asked for an issue.")


@signed_in
@require_POST
def unlink(request: PersonRequest, action: int) -> HttpResponse:
    """The item and the issue go their own ways."""
    _page(request, action)
    linking.unlink(request.user, action)
    return _done(request, action, "The issue is no longer linked. It stays as it is.")


@signed_in
@require_POST
def look(request: PersonRequest, action: int) -> HttpResponse:
    """Look at the tracker now."""
    _page(request, action)
    linking.look_now(request.user, action)
    return _done(request, action, "The tracker is asked.")


def _page(request: PersonRequest, action: int) -> ItemPage:
    return page_of(request.user, action, timezone.localdate())


def _refused(
    request: PersonRequest, page: ItemPage, *, problem: str, typed: str = "", chosen: str = ""
) -> HttpResponse:
    if not page.may_assign:
        raise PermissionDenied
    standing = Standing(page.action, True, page.tells_all, typed=typed, problem=problem, chosen=chosen)
    return _show(request, page, standing, status=UNPROCESSABLE)


def _done(request: PersonRequest, action: int, said: str) -> HttpResponse:
    if request.htmx:
        page = _page(request, action)
        return _show(request, page, Standing(page.action, page.may_assign, page.tells_all), said=said)
    messages.success(request, said)
    return redirect("action-tracker", action)


def _show(
    request: PersonRequest, page: ItemPage, standing: Standing, *, status: int = 200, said: str = ""
) -> HttpResponse:
    if not standing.is_shown and not request.htmx:
        raise Http404
    context = {"page": page, "standing": standing, "said": said}
    part = "#part" if request.htmx else ""
    return render(request, f"integrations/tracker.html{part}", context, status=status)
