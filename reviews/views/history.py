"""The history of a review: what happened, one version of a text, and putting one back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.access import Verb, may
from accounts.requests import PersonRequest, signed_in
from core.markdown import render as rendered
from core.text import whole_number
from incidents.models import Status
from reviews.chronicle import LAST_PAGE, Choice, amount_in_words, chronicle_of, is_place, texts_with_before, writers_of
from reviews.comparing import compare
from reviews.history_labels import Labels
from reviews.live.places import part_of_place, texts_in_rows
from reviews.models import Review, TextVersion
from reviews.naming.document import with_roles
from reviews.naming.writing import Naming
from reviews.passages import passages_between
from reviews.queries import draft_for
from reviews.restoring import restore_text, texts_of
from reviews.snapshot import snapshot_of
from reviews.views.editor import editable
from reviews.views.outline import PART_NAMES, titles_of
from reviews.wording import wording_of

_OFFERED = 100  # versions to compare with


@signed_in
@require_safe
def history(request: PersonRequest, number: int) -> HttpResponse:
    """What happened, by day; ?part= one part of it, ?place= one text, ?page= further back."""
    review = _readable(request, number)
    part, place = request.GET.get("part", ""), request.GET.get("place", "")
    choice = Choice(part if part in PART_NAMES else "", place if is_place(place) else "")
    page = chronicle_of(review, choice, _page(request))
    label = Labels.of(review, [choice.place], []).of_place(choice.place) if choice.place else ""
    context = {
        **_frame(request, review),
        "page": page,
        "choice": choice,
        "place_label": label,
        "parts": _part_titles(review),
    }
    return render(request, "reviews/history.html", context)


@signed_in
@require_safe
def text(request: PersonRequest, number: int, text: int) -> HttpResponse:
    """One version of a text, and what it changed in the one before it, or in the one that ?from= names."""
    review = _readable(request, number)
    version: Any = get_object_or_404(texts_with_before(review), pk=text)
    others = list(review.text_versions.filter(place=version.place).exclude(pk=version.pk).defer("text")[:_OFFERED])
    base, base_text = _compared_with(request, review, version)
    written = texts_in_rows(review.pk).get(version.place)
    context = {
        **_frame(request, review),
        "version": version,
        "label": Labels.of(review, [version.place], []).of_place(version.place),
        "part": part_of_place(version.place),
        "who": writers_of(version),
        "amount": amount_in_words(version),
        "html": rendered(version.text) if version.text.strip() else "",
        "base": base,
        "others": others,
        "passages": passages_between(base_text, version.text),
        "is_there": written is not None,
        "is_current": written is not None and written.text == version.text,
        "older": version.before_pk,
        "newer": _newer(review, version),
    }
    return render(request, "reviews/history_text.html", context)


@signed_in
@require_POST
def restore(request: PersonRequest, number: int, text: int) -> HttpResponse:
    """The text of a version stands there again, as a new version."""
    review = editable(request, number)
    version = get_object_or_404(review.text_versions, pk=text)
    return _restored(request, review, version.place, version.text)


@signed_in
@require_safe
def published(request: PersonRequest, number: int, version: int) -> HttpResponse:
    """What changed since a published version, with each text of it to put back."""
    review = _readable(request, number)
    frozen = get_object_or_404(review.versions.select_related("published_by"), number=version)
    now = snapshot_of(review)
    if frozen.names_as_roles:  # as that version writes people, so that roles are no changes
        now = with_roles(now, Naming.frozen(frozen.roles))
    context = {
        **_frame(request, review),
        "version": frozen,
        "comparison": compare(frozen.document, now),
        "restorable": _restorable(review, texts_of(frozen.document), texts_of(now)),
    }
    return render(request, "reviews/history_version.html", context)


@signed_in
@require_POST
def restore_published(request: PersonRequest, number: int, version: int) -> HttpResponse:
    """One text of a published version stands there again."""
    review = editable(request, number)
    frozen = get_object_or_404(review.versions, number=version)
    place = request.POST.get("place", "")
    texts = texts_of(frozen.document)
    if not is_place(place) or (place not in texts and not place.startswith("section:")):
        raise Http404
    return _restored(request, review, place, texts.get(place, ""))


def _readable(request: PersonRequest, number: int) -> Review:
    """As for the draft itself: whoever may write it, and before it is published whoever takes part."""
    review = draft_for(request.user, number)
    if review.incident.is_published and not may(request.user, Verb.EDIT, review.incident):
        raise PermissionDenied
    return review


def _frame(request: PersonRequest, review: Review) -> dict[str, Any]:
    incident = review.incident
    writes = incident.status != Status.ARCHIVED and may(request.user, Verb.EDIT, incident)
    return {"review": review, "incident": incident, "may_edit": writes}


def _part_titles(review: Review) -> list[tuple[str, str]]:
    titles = titles_of(wording_of(review))
    return [(name, titles[name]) for name in PART_NAMES]


def _page(request: PersonRequest) -> int:
    return min(max(whole_number(request.GET.get("page", "")) or 1, 1), LAST_PAGE)


def _compared_with(request: PersonRequest, review: Review, version: Any) -> tuple[TextVersion | None, str]:
    """The version that ?from= names, if it is one of the same text; otherwise the one before."""
    asked = whole_number(request.GET.get("from", ""))
    if asked is not None and asked != version.pk:
        found = review.text_versions.filter(place=version.place, pk=asked).first()
        if found is not None:
            return found, found.text
    if version.before_pk is None:
        return None, ""
    return TextVersion(pk=version.before_pk, review=review, place=version.place), version.before


def _newer(review: Review, version: TextVersion) -> int | None:
    later = review.text_versions.filter(place=version.place, saved_at__gte=version.saved_at).exclude(pk=version.pk)
    keys = later.order_by("saved_at", "pk").values_list("saved_at", "pk")
    return next((pk for at, pk in keys[:5] if (at, pk) > (version.saved_at, version.pk)), None)


def _restorable(review: Review, then: dict[str, str], now: dict[str, str]) -> list[dict[str, Any]]:
    """The texts that read otherwise `now` than `then`, with what putting them back would change."""
    changed = [
        (written, then.get(place, ""))
        for place, written in texts_in_rows(review.pk).items()
        if (place in then or place.startswith("section:")) and now.get(place, "") != then.get(place, "")
    ]
    labels = Labels.of(review, [written.place for written, _ in changed], [])
    return [
        {
            "place": written.place,
            "label": labels.of_place(written.place),
            "passages": passages_between(written.text, text),
        }
        for written, text in changed
    ]


def _restored(request: PersonRequest, review: Review, place: str, text: str) -> HttpResponse:
    try:
        changed = restore_text(request.user, review, place, text)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
        return redirect(reverse("draft-history", args=[review.incident.number]))
    label = Labels.of(review, [place], []).of_place(place)
    said = (
        "reads as it did then. What stood there before is kept in the history."
        if changed
        else "reads like this already."
    )
    messages.success(request, f"{label} {said}")
    anchor = part_of_place(place) if place.startswith("section:") else place.replace(":", "-")
    return redirect(f"{review.incident.get_edit_url()}#{anchor}")
