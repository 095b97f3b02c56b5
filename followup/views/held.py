"""Saying whether a fix held, with what has happened since."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import PersonRequest, signed_in
from actions.models import ActionItem, ActionStatus
from core.text import whole_number
from followup.held.answering import answer_held, latest_check, may_answer
from followup.held.asking import set_weeks
from followup.held.evidence import evidence_for
from followup.models import HoldAnswer, HoldCheck
from followup.worded import for_reader, worded

SHOWN = 10


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def held(request: PersonRequest, action: int) -> HttpResponse:
    """The question about an item that is done, and its answer, which can be changed later."""
    if request.method == "POST":
        return _answered(request, action)
    return _page(request, action)


def _answered(request: PersonRequest, action: int) -> HttpResponse:
    answer, note = request.POST.get("answer", ""), request.POST.get("note", "")
    try:
        check = answer_held(request.user, _storable_key(action), answer=answer, note=note)
    except PermissionDenied:
        raise Http404 from None
    except ValidationError as problem:
        typed = {"answer": answer, "note": note, "problems": problem.message_dict}
        return _page(request, action, typed, status=422)
    messages.success(request, f"Kept: {check.get_answer_display().lower()}.")
    return redirect("action-held", action)


def _page(
    request: PersonRequest, action: int, typed: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    found = for_reader(ActionItem.objects.visible_to(request.user), request.user).filter(pk=_storable_key(action))
    row = found.first()
    if row is None:
        raise Http404
    item = worded(row, request.user)
    is_done = row.status == ActionStatus.DONE
    last = latest_check(row) if is_done else None
    said = last if last and last.answer else latest_check(row, answered=True) if is_done else None
    evidence = evidence_for(row, request.user) if is_done else None
    context = {
        "item": item,
        "is_done": is_done,
        "done_on": timezone.localtime(row.done_at).date() if row.done_at else None,
        "asked": last if last and not last.answer else None,
        "said": said,
        "by": item.person(said.answered_by) if said else "",
        "note": note_for(said, item.tells_names or item.is_owner) if said else "",
        "evidence": evidence,
        "since": evidence.found[:SHOWN] if evidence else [],
        "more": max(len(evidence.found) - SHOWN, 0) if evidence else 0,
        "may_answer": is_done and may_answer(request.user, row),
        "choices": HoldAnswer.choices,
        "typed": typed or _kept(said),
    }
    return render(request, "followup/held.html", context, status=status)


def note_for(check: HoldCheck, tells_names: bool) -> str:
    """The note; it may name people, so it is for those who may know them."""
    return check.note if tells_names else ""


def _kept(check: HoldCheck | None) -> dict[str, Any]:
    return {"answer": check.answer, "note": check.note} if check else {}


@signed_in
@require_POST
def hold_weeks(request: PersonRequest) -> HttpResponse:
    """When it is asked; for administrators."""
    try:
        set_weeks(request.user, whole_number(request.POST.get("weeks", "").strip(), digits=3))
    except PermissionDenied:
        raise Http404 from None
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
        return redirect("action-figures")
    messages.success(request, "Owners are asked that many weeks after an item is done.")
    return redirect("action-figures")


def _storable_key(pk: int) -> int:
    if pk >= 2**63:
        raise Http404
    return pk
