"""Changing what was chosen on the board: the form that asks for it, and what happens when it is sent."""

from urllib.parse import parse_qsl

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.form_fields import people_offered
from accounts.requests import PersonRequest, signed_in
from actions.bulk import MOST, NothingChanged, change_actions
from actions.seen import Seen
from followup.board.change_form import FIELDS, ChangeForm
from followup.board.choosing import Choice, all_matching, chosen, read_marks
from followup.board.page import address, asked_by, page_of
from followup.board.reading import read_board

CONFLICT, REFUSED = 409, 422


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: PersonRequest) -> HttpResponse:
    """The form for the items that were chosen; sent with `apply`, the change itself: all or nothing."""
    if request.method != "POST":
        return _ask(request, request.GET, _choice(request, request.GET))
    if "apply" not in request.POST:
        return _ask(request, request.POST, _choice(request, request.POST))
    return _apply(request, read_marks(request.POST.getlist("item")))


def _apply(request: PersonRequest, seen: list[Seen]) -> HttpResponse:
    form = ChangeForm(request.POST, auto_id="change-%s")
    today = timezone.localdate()
    if not seen:
        form.add_error(None, "No items were chosen. Mark those that should change.")
    if not form.is_valid():
        return _ask(request, request.POST, chosen(request.user, seen, today), form, REFUSED)
    try:
        changed = change_actions(request.user, seen, **form.operation_values())
    except NothingChanged as stopped:
        return _ask(request, request.POST, chosen(request.user, seen, today, stopped), form, CONFLICT)
    except ValidationError as problem:
        _tell(form, problem)
        return _ask(request, request.POST, chosen(request.user, seen, today), form, REFUSED)
    return _done(request, form, [one.pk for one in changed], len(seen))


def _tell(form: ChangeForm, problem: ValidationError) -> None:
    """What an operation refused, at the field that it is about."""
    said = problem.message_dict if hasattr(problem, "error_dict") else {"": problem.messages}
    for field, texts in said.items():
        for text in texts:
            form.add_error(field if field in form.fields else None, text)


def _choice(request: PersonRequest, given: QueryDict) -> Choice:
    today = timezone.localdate()
    if marks := given.getlist("item"):
        return chosen(request.user, read_marks(marks)[:MOST], today)
    return all_matching(request.user, asked_by(given).text, today)


def _ask(
    request: PersonRequest, given: QueryDict, choice: Choice, form: ChangeForm | None = None, status: int = 200
) -> HttpResponse:
    """The form, with whatever was typed; a conflict or a refusal stands above it."""
    asks = given.get("do", "")
    if form is None:
        preset = {name: given.get(name, "") for name in (*FIELDS, "note")}
        form = ChangeForm(initial=preset, auto_id="change-%s")
    values = {
        "form": form,
        "choice": choice,
        "do": asks if asks in FIELDS else "",
        "is_conflict": status == CONFLICT,
        "offered": people_offered(),
        "back": given.get("back", "")[:4_000],
        "back_url": _back(given.get("back", "")),
        "most": MOST,
    }
    part = "#form" if request.htmx else ""
    return render(request, f"followup/board_change.html{part}", values, status=status)


def _done(request: PersonRequest, form: ChangeForm, changed: list[int], wanted: int) -> HttpResponse:
    """The board that one came from, with what was done."""
    said = _said(form, len(changed), wanted)
    back = request.POST.get("back", "")
    if not request.htmx:
        messages.success(request, said)
        return HttpResponseRedirect(_back(back))
    given = dict(parse_qsl(back[:4_000]))
    asked = asked_by(given)
    page = page_of(read_board(request.user, asked, timezone.localdate()), asked, given.get("column", ""))
    return render(request, "followup/board.html#board", {"page": page, "said": said})


def _said(form: ChangeForm, changed: int, wanted: int) -> str:
    if not changed:
        return "Nothing to change: all of it was so already."
    items = "1 item was" if changed == 1 else f"{changed:,} items were"
    rest = f" {wanted - changed:,} more were so already." if changed < wanted else ""
    return f"{items} {form.said()}.{rest}"


def _back(written: str) -> str:
    """The address of the board that `written`, a query string, asks for."""
    given = dict(parse_qsl(written[:4_000]))
    return address(asked_by(given))
