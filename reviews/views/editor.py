"""The editor page, its parts for htmx, and what every change to a part answers."""

from collections.abc import Callable
from typing import Any, Protocol
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django_htmx.http import trigger_client_event

from accounts.access import Verb, may
from accounts.requests import PersonRequest, signed_in
from core.problems import LONGEST_TEXT
from core.text import whole_number
from incidents.forms import zones_offered
from incidents.models import Deletion, Status
from reviews.audited import PART_OF_KIND
from reviews.live.address import allow_live, live_address
from reviews.live.missed import newest_change, texts_up_to
from reviews.live.store import bring_into_rows, open_document
from reviews.models import Review, SectionKind
from reviews.queries import draft_for
from reviews.since_published import since_published
from reviews.views.findings import findings_context
from reviews.views.outline import PART_NAMES, outline_of, titles_of
from reviews.views.parts.approval import build_approval
from reviews.views.parts.attachments import build_attachments
from reviews.views.parts.comments import SILENCE, Speaking, asks_for_comments, build_comments
from reviews.views.parts.facts import build_facts, build_people, build_readers
from reviews.views.parts.findings import Refused, build_findings
from reviews.views.parts.items import build_actions, build_factors
from reviews.views.parts.opened import NOTHING, Opened, opened_by
from reviews.views.parts.prose import build_section, sections_of
from reviews.views.parts.timeline import build_timeline
from reviews.views.parts.whys import build_whys

UNPROCESSABLE = 422


class Part(Protocol):
    """What each part of the page has."""

    @property
    def name(self) -> str:
        """Its place on the page, and its name in addresses."""

    @property
    def template(self) -> str:
        """What shows it."""


_BUILDERS: dict[str, Callable[[Review, Opened], Any]] = {
    "facts": build_facts,
    "participants": build_people,
    "visibility": build_readers,
    "timeline": build_timeline,
    "whys": build_whys,
    "factors": build_factors,
    "actions": build_actions,
    "attachments": build_attachments,
    "approval": build_approval,
}


def editable(request: PersonRequest, number: int) -> Review:
    """The review to edit. Http404 where the person may not see it, PermissionDenied where they may only read."""
    review = draft_for(request.user, number)
    if not may(request.user, Verb.EDIT, review.incident):
        raise PermissionDenied
    return review


@signed_in
@require_safe
def draft(request: PersonRequest, number: int) -> HttpResponse:
    """The editor; ?edit=PART opens a part, ?part=PART gives htmx a closed one.

    Who takes part without being an author (by role) reads the draft here, and answers as a reviewer, nothing else.
    """
    review = draft_for(request.user, number)
    if asks_for_comments(request):
        return show_comments(request, review)
    if request.htmx and request.GET.get("part") == "findings":
        return show_findings(request, review)
    opened = opened_by(request)
    if not opened.part and request.htmx and request.GET.get("part") in PART_NAMES:
        bring_into_rows(review.pk)  # what was typed a moment ago is shown
        opened = Opened(request.GET["part"], editing=False)
    if not may(request.user, Verb.EDIT, review.incident):
        if not may(request.user, Verb.COMMENT, review.incident):
            raise PermissionDenied
        return show(request, review, opened if opened.part == "approval" or not opened.editing else NOTHING)
    if deleted := request.GET.get("deleted", ""):
        opened = _just_deleted(review, deleted, request.GET.get("after", ""))
    return show(request, review, opened)


def show(
    request: PersonRequest,
    review: Review,
    opened: Opened = NOTHING,
    *,
    status: int = 200,
    speaking: Speaking = SILENCE,
    refused: Refused | None = None,
) -> HttpResponse:
    """The page with `opened` standing open; only that part, and the outline, for htmx."""
    if request.htmx and opened.part in PART_NAMES:
        context = {**_frame(request, review), "part": build_part(review, opened.part, opened)}
        return render(request, "reviews/part.html", context, status=status)
    frame = _frame(request, review, speaking, refused)
    live = _live(request, review)
    stored = sections_of(review)
    parts = {name: build_part(review, name, opened, stored) for name in PART_NAMES}
    since = since_published(review) if review.incident.is_published else None
    context = {**frame, "parts": parts, "opened": opened, "live": live, "since": since}
    return allow_live(request, render(request, "reviews/editor.html", context, status=status))


def show_findings(
    request: PersonRequest, review: Review, *, refused: Refused | None = None, status: int = 200
) -> HttpResponse:
    """For htmx the panel of findings alone, with the outline, about what is stored; the page otherwise. `refused` is a
    dismissal that was not made.
    """
    if not may(request.user, Verb.COMMENT, review.incident):
        raise PermissionDenied
    if not request.htmx:
        return show(request, review, status=status, refused=refused)
    bring_into_rows(review.pk)
    context = _frame(request, draft_for(request.user, review.incident.number), refused=refused)
    return render(request, "reviews/findings_answer.html", context, status=status)


def show_comments(
    request: PersonRequest,
    review: Review,
    speaking: Speaking = SILENCE,
    *,
    status: int = 200,
    focus: str = "",
    said: str = "",
) -> HttpResponse:
    """For htmx the comments of one part, or of all (?part=comments), out of band; the page otherwise."""
    if not may(request.user, Verb.COMMENT, review.incident):
        raise PermissionDenied
    if not request.htmx:
        return show(request, review, status=status, speaking=speaking)
    comments = build_comments(request, review, speaking)
    only = comments.speaking.part or request.GET.get("only", "")
    context = {
        "incident": review.incident,
        "address": reverse("draft", args=[review.incident.number]),
        "person": request.user,
        "comments": comments,
        "names": [only] if only in PART_NAMES else PART_NAMES,
        "out_of_band": only not in PART_NAMES,
    }
    response = render(request, "reviews/all_comments.html", context, status=status)
    if said:
        trigger_client_event(response, "editor:saved", {"focus": focus, "said": said}, after="settle")
    return response


def build_part(review: Review, name: str, opened: Opened, stored: Any = None) -> Part:
    """One part of the page, open where `opened` says so."""
    if name in SectionKind.values:
        return build_section(review, name, opened, stored)
    part: Part = _BUILDERS[name](review, opened)
    return part


def saved(
    request: PersonRequest,
    review: Review,
    part: str,
    *,
    focus: str = "",
    said: str = "Saved.",
    opened: Opened | None = None,
) -> HttpResponse:
    """After a change: the part closed again, with the focus on `focus`; without JavaScript the page at that place."""
    if not request.htmx:
        messages.success(request, said)
        query = ""
        if opened and opened.deletion:
            query = "?" + urlencode({"deleted": opened.deletion.pk, "after": opened.after or ""})
        elif opened and opened.editing:
            query = f"?edit={part}"
        return redirect(f"{review.incident.get_edit_url()}{query}#{focus or part}")
    bring_into_rows(review.pk)  # what was written together in this part a moment ago
    fresh = draft_for(request.user, review.incident.number)
    response = show(request, fresh, opened or Opened(part, editing=False))
    trigger_client_event(response, "editor:saved", {"focus": focus, "said": said}, after="settle")
    return response


def submit(
    request: PersonRequest,
    review: Review,
    opened: Opened,
    operation: Callable[..., Any],
    *,
    focus: Callable[[Any], str] = lambda done: "",
    said: str = "Saved.",
) -> HttpResponse:
    """Runs `operation` with the values of the opened form; shows the form again, as typed, where they are refused."""
    form: Any = opened.form
    if form.is_valid():
        try:
            done = operation(**form.operation_values())
        except ValidationError as problem:
            show_problem(form, problem)
        else:
            return saved(request, review, opened.part, focus=focus(done), said=said)
    return show(request, review, opened, status=UNPROCESSABLE)


def deleted(request: PersonRequest, review: Review, part: str, deletion: Deletion, after: int | None) -> HttpResponse:
    """After a deletion: a line with Undo where the deleted thing stood, below the item `after`."""
    opened = Opened(part, deletion=deletion, after=after, editing=False)
    said = f"Deleted “{deletion.label}”."
    return saved(request, review, part, focus=f"undo-{deletion.pk}", said=said, opened=opened)


def above(keys: list[int], pk: int) -> int | None:
    """The key before `pk`; None where that is the first, or was deleted by someone else a moment ago."""
    place = keys.index(pk) if pk in keys else 0
    return keys[place - 1] if place else None


def show_problem(form: forms.Form, problem: ValidationError) -> None:
    """Puts an operation's messages beside the fields that they are about, others above the form."""
    by_field = problem.message_dict if hasattr(problem, "error_dict") else {"": problem.messages}
    for name, found in by_field.items():
        field = {
            "occurred_at": "time" if "time" in form.fields else "began",
            "time_zone": "zone",
            "person": "whom",
        }.get(name, name)
        form.add_error(field if field in form.fields else None, found)


def _frame(
    request: PersonRequest, review: Review, speaking: Speaking = SILENCE, refused: Refused | None = None
) -> dict[str, Any]:
    """What stands around the parts. Made before them: what changes in between, their page asks for again."""
    incident = review.incident
    newest = newest_change(incident.number)
    checklist = outline_of(review)
    ready = checklist.ready
    found = build_findings(ready.checked, titles_of(ready.wording), refused=refused)
    return {
        **findings_context(request, review, found),
        "as_of": newest,
        "review": review,
        "incident": incident,
        "checklist": checklist,
        "zones": zones_offered(incident.time_zone),
        "address": reverse("draft", args=[incident.number]),
        "person": request.user,
        "may_edit": may(request.user, Verb.EDIT, incident),
        "comments": build_comments(request, review, speaking),
    }


def _live(request: PersonRequest, review: Review) -> dict[str, str]:
    """Where the page writes together with others; empty where it cannot."""
    address = live_address(request)
    incident = review.incident
    if address is None:
        return {}
    found = {"events": f"{address.events}/{incident.number}/events", "texts": str(texts_up_to(review.pk))}
    if may(request.user, Verb.EDIT, incident) and incident.status != Status.ARCHIVED:
        document = open_document(review.pk)
        found |= {"sockets": address.sockets, "guid": str(document.guid), "color": str(request.user.pk % 8)}
        found["longest"] = str(LONGEST_TEXT)
        found["texts"] = str(document.projected_to)
    return found


def _just_deleted(review: Review, pk: str, after: str) -> Opened:
    deletion = Deletion.objects.filter(incident=review.incident, pk=whole_number(pk) or 0).first()
    if deletion is None:
        return NOTHING
    return Opened(PART_OF_KIND.get(deletion.kind, ""), deletion=deletion, after=whole_number(after), editing=False)


__all__ = ["above", "deleted", "draft", "editable", "saved", "show", "submit"]
