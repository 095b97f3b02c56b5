"""The published review, its older versions, and the file it was imported from."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import PersonRequest, signed_in
from reviews.models import ImportedSource, Version


@signed_in
@require_safe
def review(request: PersonRequest, number: int, slug: str = "") -> HttpResponse:
    """The latest published version."""
    return _show(request, number)


@signed_in
@require_safe
def version(request: PersonRequest, number: int, version: int) -> HttpResponse:
    """A version as it was published, with a word where it is not the latest."""
    return _show(request, number, version)


def _show(request: PersonRequest, number: int, version: int | None = None) -> HttpResponse:
    versions = Version.objects.visible_to(request.user).filter(review__incident__number=number)
    if version is not None:
        versions = versions.filter(number=version)
    found = versions.select_related("review__incident").order_by("-number").first()
    if found is None:
        raise Http404
    return render(request, "wiki/review.html", {"version": found, "document": found.document})


@signed_in
@require_safe
def source(request: PersonRequest, number: int) -> HttpResponse:
    """The file that the review was imported from, byte for byte."""
    visible = Version.objects.visible_to(request.user).filter(review__incident__number=number)
    found = ImportedSource.objects.filter(review__in=visible.values("review")).first()
    if found is None:
        raise Http404
    return HttpResponse(bytes(found.content), content_type="text/plain; charset=utf-8")
