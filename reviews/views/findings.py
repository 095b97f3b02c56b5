"""The findings beside the text: about what is stored, and about what stands in a browser as somebody types."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access import Verb, may
from accounts.requests import PersonRequest, signed_in
from core.problems import LONGEST_TEXT
from reviews.checker.check import Checked, check_review
from reviews.checker.findings import Finding
from reviews.checker.kept import language_findings
from reviews.live.missed import newest_change
from reviews.models import Review
from reviews.queries import draft_for
from reviews.views.outline import titles_of
from reviews.views.parts.findings import FindingsPanel, Refused, build_findings
from reviews.wording import wording_of

_MOST_PLACES = 100
_NEW_PLACE = re.compile(r"[a-z-]{1,30}:(?:new|below)[a-z0-9-]{0,30}")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class Unreadable(Exception):
    """What a page sent is not texts by place."""


@signed_in
@require_POST
def as_typed(request: PersonRequest, number: int) -> HttpResponse:
    """The panel about the texts of the body, {"texts": {place: text}}, as they stand in a browser; the rest as stored.

    Texts of places that are not stored yet ("event:new") are checked for their wording alone. Nothing is changed.
    """
    review = draft_for(request.user, number)
    if not may(request.user, Verb.EDIT, review.incident):
        raise PermissionDenied
    try:
        typed = _texts_in(request)
    except Unreadable as problem:
        return HttpResponse(str(problem), status=400, content_type="text/plain; charset=utf-8")
    as_of = newest_change(number)
    checked = check_review(review, instead=typed)
    unsaved = [finding for place, text in typed.items() for finding in _found_in_new(place, text, checked)]
    panel = build_findings(checked, titles_of(wording_of(review)), typed=typed, unsaved=unsaved)
    context = {
        **findings_context(request, review, panel),
        "incident": review.incident,
        "address": reverse("draft", args=[number]),
        "may_edit": True,
        "as_of": as_of,
    }
    return render(request, "reviews/findings.html", context)


def findings_context(request: PersonRequest, review: Review, panel: FindingsPanel) -> dict[str, Any]:
    """What the template of the panel needs beside the frame of the editor. Who may publish may dismiss what is in the
    way of it, which is asked only where something is.
    """
    may_dismiss = not panel.blocking or may(request.user, Verb.PUBLISH, review.incident)
    return {"findings": panel, "may_dismiss_blocking": may_dismiss}


def refused_dismissal(request: PersonRequest, problem: str) -> Refused:
    """The dismissal that was asked for, as it was sent, and why it was not made."""
    said = {name: request.POST.get(name, "") for name in ("rule", "place", "words", "reason")}
    said["words"] = " ".join(said["words"].split())
    return Refused(**said, problem=problem)


def _found_in_new(place: str, text: str, checked: Checked) -> list[Finding]:
    if not _NEW_PLACE.fullmatch(place):
        return []
    found = language_findings(text, checked.rules, checked.material.people)
    return [replace(one, where=place, severity=checked.rules.rules[one.rule].severity) for one in found]


def _texts_in(request: HttpRequest) -> dict[str, str]:
    try:
        said = json.loads(request.body)["texts"]
    except RequestDataTooBig:
        raise Unreadable("This is too long to be checked.") from None
    except (ValueError, TypeError, KeyError, RecursionError):
        raise Unreadable("Send {“texts”: {place: text}}.") from None
    if not isinstance(said, Mapping) or not all(isinstance(text, str) for text in said.values()):
        raise Unreadable("Send {“texts”: {place: text}}.")
    if len(said) > _MOST_PLACES or any(len(text) > LONGEST_TEXT for text in said.values()):
        raise Unreadable("This is too much to be checked at once.")
    # One character for another, so that offsets stay.
    return {place: _UNSTORABLE.sub("\ufffd", text) for place, text in said.items()}
