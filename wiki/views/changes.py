"""What changed between two published versions of a review."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from accounts.requests import PersonRequest, signed_in
from core.text import whole_number
from incidents.models import Incident
from reviews.comparing import compare
from reviews.models import Version
from wiki.kept import Kept
from wiki.published import Published, find_published

# Versions never change, so neither does what differs between two of them; only the reader's zone shows in it.
_COMPARISONS = Kept(characters=4_000_000)


@dataclass(frozen=True)
class Choice:
    """The two versions that are compared, and what was asked for that there is not."""

    before: int
    after: int
    unknown: list[str]


@signed_in
@require_safe
def changes(request: PersonRequest, number: int) -> HttpResponse:
    """The comparison of ?from= with ?to=: as a rule of the latest version with the one before it. Five queries."""
    published = find_published(request.user, number)
    if published is None:
        raise Http404
    versions = list(
        Version.objects.visible_to(request.user)
        .filter(review=published.review)
        .select_related("published_by")
        .defer("document")
        .order_by("-number")
    )
    choice = _chosen(request, [one.number for one in versions])
    title, html = _COMPARISONS.get(
        (published.review, choice.before, choice.after, timezone.get_current_timezone_name()),
        lambda: _compared(published, choice),
    )
    by_number = {one.number: one for one in versions}
    context = {
        "number": number,
        "title": title,
        "address": Incident(number=number, title=title).get_absolute_url(),
        "versions": versions,
        "choice": choice,
        "before": by_number.get(choice.before),
        "hides_earlier": len(versions) < versions[0].number,
        "takes_part": published.takes_part,
        "after": by_number[choice.after],
        "comparison_html": SafeString(html),
    }
    return render(request, "wiki/changes.html", context)


def _chosen(request: PersonRequest, numbers: list[int]) -> Choice:
    """The latest and the one before it that may be read, where nothing else is asked for; 0 where there is none."""
    asked: dict[str, int] = {}
    unknown = []
    for name in ("from", "to"):
        text = request.GET.get(name, "")
        version = whole_number(text)
        if version in numbers:
            asked[name] = version
        elif text:
            unknown.append(text[:20])
    after = asked.get("to", numbers[0])
    before = asked.get("from", next((number for number in numbers if number < after), 0))
    return Choice(before, after, unknown)


def _compared(published: Published, choice: Choice) -> tuple[str, str]:
    """The title of the later version, and the comparison as HTML; empty where nothing differs."""
    rows = Version.objects.filter(review=published.review, number__in=[choice.before, choice.after])
    documents: dict[int, dict[str, Any]] = dict(rows.values_list("number", "document"))
    after = documents[choice.after]
    comparison = compare(documents[choice.before], after) if choice.before in documents else None
    html = render_to_string("reviews/comparison.html", {"comparison": comparison}) if comparison else ""
    return after["title"], html
