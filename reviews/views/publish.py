"""The publish page, and asking for review."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Verb, may
from accounts.requests import PersonRequest, signed_in
from incidents.models import Status
from incidents.operations import change_status
from reviews.approving import answers_of
from reviews.checker.findings import Finding
from reviews.forms import PublishForm
from reviews.models import Review
from reviews.naming.next_version import next_version_of
from reviews.naming.preview import Typed, preview_of
from reviews.publishing import CannotPublish, publish_review
from reviews.readiness import Readiness, readiness_of, unsettled
from reviews.since_published import since_published
from reviews.views.editor import UNPROCESSABLE, editable, show_problem
from reviews.views.outline import PART_NAMES, titles_of
from reviews.views.roles import take_roles

_SHOWN_AT_ONCE = 8
_LISTED = 100


@dataclass(frozen=True)
class Group:
    """What the checker finds in one part of the review."""

    title: str
    found: list[Finding]

    @property
    def findings(self) -> list[Finding]:
        """Those that are listed; a text may hold thousands."""
        return self.found[:_LISTED]

    @property
    def more(self) -> int:
        """How many are not listed."""
        return len(self.found) - len(self.findings)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: PersonRequest, number: int) -> HttpResponse:
    """What the checker finds, what is in the way first, then the next version."""
    review = editable(request, number)
    if request.method != "POST":
        return _page(request, review, None)
    form = PublishForm(request.POST)
    if "whose" in request.POST or "names_as_roles" in request.POST:
        was_on = review.names_as_roles
        refused = take_roles(request, review)
        review = editable(request, number)
        if refused is not None:
            return _page(request, review, form, status=UNPROCESSABLE, typed=refused)
        if review.names_as_roles and not was_on:  # nobody has seen yet what becomes of each name
            messages.info(request, "Look at what becomes of each name, then publish.")
            return _page(request, review, form)
    if form.is_valid():
        try:
            version = publish_review(request.user, review, form.cleaned_data["note"])
        except CannotPublish:
            return _page(request, review, form, status=UNPROCESSABLE)
        except ValidationError as problem:
            show_problem(form, problem)
        else:
            said = "Published." if version.number == 1 else f"Version {version.number} is published."
            messages.success(request, said)
            return redirect(version.review.incident.get_absolute_url())
    return _page(request, review, form, status=UNPROCESSABLE)


@signed_in
@require_POST
def roles(request: PersonRequest, number: int) -> HttpResponse:
    """Store whether people are written as roles, and as which; the page then shows what becomes of each name."""
    review = editable(request, number)
    refused = take_roles(request, review)
    if refused is not None:
        return _page(request, review, PublishForm(request.POST), typed=refused, status=UNPROCESSABLE)
    return redirect(f"{reverse('draft-publish', args=[number])}#names")


@signed_in
@require_POST
def status(request: PersonRequest, number: int) -> HttpResponse:
    """From draft to in review, or back."""
    review = editable(request, number)
    wanted = request.POST.get("status", "")
    try:
        change_status(request.user, review.incident, wanted)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    else:
        said = "The review is ready for others to look at." if wanted == Status.IN_REVIEW else "Back to draft."
        messages.success(request, said)
    return redirect(reverse("draft", args=[number]))


def _page(
    request: PersonRequest,
    review: Review,
    form: PublishForm | None,
    *,
    status: int = 200,
    typed: Typed | None = None,
) -> HttpResponse:
    """`form` as it was posted; without one, the note is suggested from what changed. `typed`: refused roles."""
    ready = readiness_of(review)
    next_version = next_version_of(review)
    since = since_published(review, next_version)
    latest = since.version if since else None
    suggested = since.comparison.suggestion if since else ""
    return render(
        request,
        "reviews/publish.html",
        {
            "review": review,
            "incident": review.incident,
            "blocking": ready.checked.blockers,
            "groups": _groups(ready),
            "is_long": len(ready.checked.open) > _SHOWN_AT_ONCE,
            "unsettled": unsettled(ready),
            "dismissed": ready.checked.dismissed,
            "answers": answers_of(review),
            "latest": latest,
            "next_number": latest.number + 1 if latest else 1,
            "since": since,
            "names": preview_of(next_version, typed),
            "form": form or PublishForm(initial={"note": suggested}),
            "may_publish": may(request.user, Verb.PUBLISH, review.incident),
        },
        status=status,
    )


def _groups(ready: Readiness) -> list[Group]:
    """What is not in the way, by part in reading order."""
    titles = titles_of(ready.wording)
    found = [one for one in ready.checked.open if not one.blocking]
    grouped = {name: [one for one in found if one.part == name] for name in PART_NAMES}
    return [Group(titles[name], findings) for name, findings in grouped.items() if findings]
