"""The published review, its older versions, and the file it was imported from."""

from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from accounts.access import Verb, may, may_write
from accounts.models import Person
from accounts.requests import PersonRequest, signed_in
from core.text import whole_number
from incidents.models import Incident, Status
from reviews.models import ImportedSource, Version
from wiki.article import article_of
from wiki.framed import framed
from wiki.kept import Kept
from wiki.pdf import can_make_pdf
from wiki.published import Published, find_published, frozen_of, latest_number, standings_of
from wiki.readers import keep_reading
from wiki.related import Recurrences, recurrences_at, related_of

# Each process keeps the articles that are read most: title, address of the latest version, what is said of it
# elsewhere, and the HTML.
_ARTICLES = Kept(characters=16_000_000)


@signed_in
@require_safe
def review(request: PersonRequest, number: int, slug: str = "") -> HttpResponse:
    """The latest published version, or the one that ?version= names.

    Two queries with that of session and person, one more where it recurs, and more for who reads it first and for whom
    it is new.
    """
    asked = whole_number(request.GET.get("version", ""), 9)
    if asked is not None:
        return _show_version(request, number, asked)
    published = find_published(request.user, number)
    if published and not published.is_read and _is_read_now(request):
        keep_reading(request.user, published.review)
    return _show(request, published)


@signed_in
@require_safe
def version(request: PersonRequest, number: int, version: int) -> HttpResponse:
    """A version as it was published, with a word where it is not the latest."""
    return _show_version(request, number, version)


@signed_in
@require_safe
def source(request: PersonRequest, number: int) -> HttpResponse:
    """The file that the review was imported from, byte for byte; never as anything that a browser would run."""
    visible = Version.objects.visible_to(request.user).filter(review__incident__number=number)
    found = ImportedSource.objects.filter(review__in=visible.values("review")).first()
    if found is None or not _may_read_names(request, found):
        raise Http404
    response = HttpResponse(bytes(found.content), content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'inline; filename="review-{number}.md"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _may_read_names(request: PersonRequest, source: ImportedSource) -> bool:
    """Once a version writes people as roles, the file that names them is for those who take part."""
    if not Version.objects.filter(review=source.pk, names_as_roles=True).exists():
        return True
    return may(request.user, Verb.COMMENT, Incident(pk=source.pk))


def _show_version(request: PersonRequest, number: int, version: int) -> HttpResponse:
    published = find_published(request.user, number, version)
    latest = latest_number(published) if published else 0
    return _show(request, published, latest if published and latest != published.number else 0)


def _show(request: PersonRequest, published: Published | None, latest: int = 0) -> HttpResponse:
    if published is None:
        raise Http404
    may_edit = _may_edit(request, published)
    recurrences = recurrences_at(request.user, published)
    title, address, description, html = _ARTICLES.get(
        (published, latest, may_edit, recurrences, timezone.get_current_timezone_name(), timezone.localdate()),
        lambda: _rendered(request.user, published, latest, may_edit, recurrences),
    )
    return framed(
        request,
        "wiki/review.html",
        title=escape(title),
        address=escape(address),
        description=escape(description),
        article=SafeString(html),
    )


def _is_read_now(request: PersonRequest) -> bool:
    """Not so when a browser only fetches what its reader may open next."""
    return request.method == "GET" and "prefetch" not in request.headers.get("Sec-Purpose", "")


def _may_edit(request: PersonRequest, published: Published) -> bool:
    """As `may` says of `Verb.EDIT`; whether they take part was asked together with the version."""
    return published.status != Status.ARCHIVED and published.takes_part and may_write(request.user)


def _rendered(
    reader: Person, published: Published, latest: int, may_edit: bool, recurrences: Recurrences
) -> tuple[str, str, str, str]:
    frozen = frozen_of(published)
    zone, today = timezone.get_current_timezone(), timezone.localdate()
    article = article_of(published, frozen, standings_of(published, frozen), zone=zone, today=today)
    title = frozen.document["title"]
    address = Incident(number=published.incident, title=title).get_absolute_url()
    context = {"article": article, "latest": latest, "may_edit": may_edit, "address": address}
    context |= {"export": reverse("api-1:export", args=[published.incident]), "can_make_pdf": can_make_pdf()}
    # Nothing here depends on who reads it first: for whoever may not see all of it, the recurrences are others.
    related = None if latest else related_of(reader, published, frozen, recurrences)
    html = render_to_string("wiki/article/page.html", context | {"related": related})
    return title, address, article.description, html
