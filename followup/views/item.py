"""The page of an action item, and what its forms change."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import PersonRequest, signed_in
from actions.operations import ChangedMeanwhile
from core.text import whole_number
from followup.item.changing import Overtaken, overtaken_by, submit, take_away
from followup.item.forms import ItemForm
from followup.item.page import FORMS, ItemPage, make_form, page_of

STALE, UNPROCESSABLE = 409, 422


@signed_in
@require_safe
def item(request: PersonRequest, action: int) -> HttpResponse:
    """Everything about one action item; ?open=NAME opens one of its forms."""
    page = _page(request, action)
    opened = request.GET.get("open", "")
    page.opened = opened if opened in FORMS else ""
    return _show(request, page)


@signed_in
@require_POST
def change(request: PersonRequest, action: int, what: str) -> HttpResponse:
    """What one of its forms says; the page with that form, as typed, where it cannot be done."""
    page = _page(request, action)
    if what not in FORMS:
        raise Http404
    form = make_form(page, what, request.POST)
    page.opened, page.form = what, form
    if not form.is_valid():
        return _show(request, page, status=UNPROCESSABLE)
    try:
        said = submit(page, what, form, request.POST.get("seen", ""))
    except (Overtaken, ChangedMeanwhile) as problem:
        return _overtaken(request, action, what, problem)
    except ValidationError as problem:
        _put_beside(form, problem)
        return _show(request, page, status=UNPROCESSABLE)
    messages.success(request, said)
    return redirect("action", action)


@signed_in
@require_POST
def unlink(request: PersonRequest, action: int) -> HttpResponse:
    """End a link to another item."""
    page = _page(request, action)
    messages.success(request, take_away(request.user, page.action.pk, whole_number(request.POST.get("other", "")) or 0))
    return redirect("action", action)


def _overtaken(request: PersonRequest, action: int, what: str, problem: Exception) -> HttpResponse:
    """The form as typed, on what stands there by now, with both values."""
    page = _page(request, action)
    form = make_form(page, what, request.POST)
    page.opened, page.form = what, form
    if isinstance(problem, ChangedMeanwhile) and form.is_valid():  # between reading and locking
        problem = overtaken_by(page, form, problem.fields) or problem
    return _show(request, page, status=STALE, overtaken=problem)


def _show(
    request: PersonRequest, page: ItemPage, *, status: int = 200, overtaken: Exception | None = None
) -> HttpResponse:
    if status != 200 and not (page.may_assign or page.may_verify or page.may_unverify):
        raise PermissionDenied
    return render(request, "followup/item.html", {"page": page, "overtaken": overtaken}, status=status)


def _page(request: PersonRequest, action: int) -> ItemPage:
    return page_of(request.user, action, timezone.localdate())


def _put_beside(form: ItemForm, problem: ValidationError) -> None:
    """Messages beside the fields they are about, others above the form."""
    by_field = problem.message_dict if hasattr(problem, "error_dict") else {"": problem.messages}
    for name, said in by_field.items():
        field = "stays" if name == "title" and "stays" in form.fields else name
        form.add_error(field if field in form.fields else None, said)
